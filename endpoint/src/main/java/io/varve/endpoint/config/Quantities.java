package io.varve.endpoint.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations with their units, both ways. */
final class Quantities {
    private static final Pattern QUANTITY =
            Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)\\s*(\\p{L}*)");

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
        Long unit = matcher.matches() ? BYTES.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new ValueException(
                    "must be a size such as 64 MiB; units are B, KiB, MiB, GiB, TiB, PiB");
        }
        return exact(new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit)), "bytes");
    }

    static Duration duration(String text) throws ValueException {
        Matcher matcher = QUANTITY.matcher(text);
        Duration unit = matcher.matches() ? TIMES.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new ValueException(
                    "must be a duration such as 10 min; units are ms, s, min, h, d");
        }
        BigDecimal millis =
                new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit.toMillis()));
        return Duration.ofMillis(exact(millis, "milliseconds"));
    }

    private static long exact(BigDecimal number, String unit) throws ValueException {
        try {
            return number.longValueExact();
        } catch (ArithmeticException _) {
            throw new ValueException("must be a whole number of " + unit);
        }
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
