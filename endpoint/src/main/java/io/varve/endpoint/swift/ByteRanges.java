package io.varve.endpoint.swift;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The ranges that a request asks for, as Swift reads them. */
final class ByteRanges {
    private static final String UNIT = "bytes=";
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final int MAX_RANGES = 50;
    private static final int MAX_OVERLAPPING = 2;
    private static final int MAX_NOT_ASCENDING = 8;

    private ByteRanges() {}

    /** Bytes of a body; never empty but in an empty body. */
    record ByteRange(long offset, long lengthBytes) {
        long end() {
            return offset + lengthBytes;
        }

        String contentRange(long sizeBytes) {
            return "bytes " + offset + "-" + (end() - 1) + "/" + sizeBytes;
        }
    }

    /**
     * The ranges that lie within a body of this size.
     *
     * @return null when nothing readable is asked for, so that the whole is given; empty when none
     *     of what is asked for is there, or more than a body can be given in
     */
    static @Nullable List<ByteRange> of(@Nullable String header, long sizeBytes) {
        String plain = header == null ? "" : WHITE_SPACE.matcher(header).replaceAll("");
        if (!plain.regionMatches(true, 0, UNIT, 0, UNIT.length())) {
            return null;
        }
        List<ByteRange> ranges = new ArrayList<>();
        for (String text : plain.substring(UNIT.length()).split(",", -1)) {
            Bounds bounds = Bounds.of(text);
            if (bounds == null) {
                return null;
            }
            ByteRange range = bounds.within(sizeBytes);
            if (range != null) {
                ranges.add(range);
            }
        }
        return isExcessive(ranges) ? List.of() : ranges;
    }

    /** Of a range as written; -1 where nothing stands. */
    private record Bounds(long first, long last) {
        static @Nullable Bounds of(String text) {
            int hyphen = text.indexOf('-');
            if (hyphen < 0) {
                return null;
            }
            String first = text.substring(0, hyphen);
            String last = text.substring(hyphen + 1);
            if (!isNumber(first) || !isNumber(last) || (first.isEmpty() && last.isEmpty())) {
                return null;
            }
            Bounds bounds = new Bounds(number(first), number(last));
            boolean backwards = bounds.first >= 0 && bounds.last >= 0 && bounds.last < bounds.first;
            return backwards ? null : bounds;
        }

        private static boolean isNumber(String text) {
            return text.chars().allMatch(c -> c >= '0' && c <= '9');
        }

        /** None that is too large for a long is within a body. */
        private static long number(String digits) {
            if (digits.isEmpty()) {
                return -1;
            }
            return digits.length() > 18 ? Long.MAX_VALUE - 1 : Long.parseLong(digits);
        }

        @Nullable ByteRange within(long sizeBytes) {
            if (first < 0) {
                long length = Math.min(last, sizeBytes);
                return last == 0 ? null : new ByteRange(sizeBytes - length, length);
            }
            if (first >= sizeBytes) {
                return null;
            }
            long end = last < 0 ? sizeBytes : Math.min(last + 1, sizeBytes);
            return new ByteRange(first, end - first);
        }
    }

    /** What costs far more to give than to ask for. */
    private static boolean isExcessive(List<ByteRange> ranges) {
        if (ranges.size() > MAX_RANGES) {
            return true;
        }
        int overlapping = 0;
        int notAscending = 0;
        for (int i = 0; i < ranges.size(); i++) {
            ByteRange range = ranges.get(i);
            if (i > 0 && range.offset() < ranges.get(i - 1).offset()) {
                notAscending++;
            }
            for (int j = 0; j < i; j++) {
                ByteRange other = ranges.get(j);
                if (range.offset() < other.end() && other.offset() < range.end()) {
                    overlapping++;
                    break;
                }
            }
        }
        return overlapping > MAX_OVERLAPPING || notAscending > MAX_NOT_ASCENDING;
    }
}
