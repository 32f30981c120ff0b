package io.varve.endpoint.sync;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Times as sites tell them each other: seconds with five decimals. Some are followed by an offset,
 * which tells apart what has the same time and is of no matter here.
 */
public final class SyncTime {
    /** What is finer than a site can say does not count. */
    static final long STEP_MICROS = 10;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final Pattern FORM =
            Pattern.compile("([0-9]{1,11})(?:\\.([0-9]{1,9}))?(?:_[0-9a-fA-F]{1,16})?");

    private SyncTime() {}

    static String of(long micros) {
        return "%010d.%05d"
                .formatted(micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND / STEP_MICROS);
    }

    /** In microseconds since the epoch; empty for what is no time. */
    public static OptionalLong micros(String text) {
        var form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return OptionalLong.empty();
        }
        long seconds = Long.parseLong(form.group(1));
        String decimals = form.group(2);
        String micros = ((decimals == null ? "" : decimals) + "000000").substring(0, 6);
        return OptionalLong.of(seconds * MICROS_PER_SECOND + Long.parseLong(micros));
    }
}
