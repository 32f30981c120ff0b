package io.varve.endpoint.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations with their units, both ways. */
final class Quantities {
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,15})(?:\\.(\\d{1,9}))?\\s*(\\p{L}*)");

    private static final Map<String, Long> BYTES = new LinkedHashMap<>();
    private static final Map<String, Duration> TIMES = new LinkedHashMap<>();

    static {
        BYTES.put("B", 1L);
        BYTES.put("KiB", 1L << 10);
        BYTES.put("MiB", 1L << 20);
        BYTES.put("GiB", 1L << 30);
        BYTES.put("TiB", 1L << 40);
        BYTES.put("PiB", 1L << 50);
        TIMES.put("ms", Duration.ofMillis(1));
        TIMES.put("s", Duration.ofSeconds(1));
        TIMES.put("min", Duration.ofMinutes(1));
        TIMES.put("h", Duration.ofHours(1));
        TIMES.put("d", Duration.ofDays(1));
    }

    private Quantities() {}

    static long bytes(String text) throws ValueException {
        Matcher matcher = QUANTITY.matcher(text);
        Long unit = matcher.matches() ? BYTES.get(matcher.group(3)) : null;
        if (unit == null) {
            throw new ValueException(
                    "must be a size such as 64 MiB; units are B, KiB, MiB, GiB, TiB, PiB");
        }
        return exact(matcher, unit, "bytes");
    }

    static Duration duration(String text) throws ValueException {
        Matcher matcher = QUANTITY.matcher(text);
        Duration unit = matcher.matches() ? TIMES.get(matcher.group(3)) : null;
        if (unit == null) {
            throw new ValueException(
                    "must be a duration such as 10 min; units are ms, s, min, h, d");
        }
        return Duration.ofMillis(exact(matcher, unit.toMillis(), "milliseconds"));
    }

    /** In whole numbers only: decimal ones take a start longer to load than all of this. */
    private static long exact(Matcher quantity, long unit, String name) throws ValueException {
        String decimals = quantity.group(2) == null ? "" : quantity.group(2);
        long scale = 1;
        for (int place = 0; place < decimals.length(); place++) {
            scale *= 10;
        }
        try {
            long whole = Math.multiplyExact(Long.parseLong(quantity.group(1)), unit);
            long fraction = decimals.isEmpty() ? 0 : Long.parseLong(decimals);
            long common = commonDivisor(fraction, scale);
            if (unit % (scale / common) != 0) {
                throw new ArithmeticException("a part of a unit");
            }
            return Math.addExact(whole, fraction / common * (unit / (scale / common)));
        } catch (ArithmeticException _) {
            throw new ValueException("must be a whole number of " + name);
        }
    }

    private static long commonDivisor(long a, long b) {
        return a == 0 ? b : commonDivisor(b % a, a);
    }

    static String text(long bytes) {
        String best = bytes + " B";
        for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
            if (bytes >= unit.getValue() && bytes % unit.getValue() == 0) {
                best = bytes / unit.getValue() + " " + unit.getKey();
            }
        }
        return best;
    }

    static String text(Duration duration) {
        String best = duration.toMillis() + " ms";
        for (Map.Entry<String, Duration> unit : TIMES.entrySet()) {
            long millis = unit.getValue().toMillis();
            if (duration.toMillis() >= millis && duration.toMillis() % millis == 0) {
                best = duration.toMillis() / millis + " " + unit.getKey();
            }
        }
        return best;
    }
}
