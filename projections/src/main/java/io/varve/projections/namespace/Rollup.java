package io.varve.projections.namespace;

import io.varve.projections.KeyOrder;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** How a listing rolls keys up to common prefixes. Works on UTF-8, where a match is a match. */
@SuppressWarnings("ArrayRecordComponent")
record Rollup(byte[] prefix, byte[] delimiter) {
    /** Few keys under a common prefix are walked over; many are jumped over, which costs a seek. */
    private static final int STEP_COUNT_MAX = 4;

    static Rollup of(String prefix, String delimiter) {
        return new Rollup(NamespaceKeys.utf8(prefix), NamespaceKeys.utf8(delimiter));
    }

    /**
     * The key through the first delimiter after the prefix.
     *
     * @param key starts with the prefix
     * @return null when the key is listed itself
     */
    byte @Nullable [] commonPrefix(byte[] key) {
        if (delimiter.length == 0) {
            return null;
        }
        for (int at = prefix.length; at + delimiter.length <= key.length; at++) {
            int end = at + delimiter.length;
            if (Arrays.equals(key, at, end, delimiter, 0, delimiter.length)) {
                return Arrays.copyOf(key, end);
            }
        }
        return null;
    }

    /** The first key that a page after a key or common prefix may show. */
    byte[] start(@Nullable String after) {
        if (after == null) {
            return prefix;
        }
        byte[] last = NamespaceKeys.utf8(after);
        byte[] start = isCommonPrefix(last) ? KeyOrder.afterPrefix(last) : KeyOrder.after(last);
        return start == null || KeyOrder.BYTES.compare(start, prefix) < 0 ? prefix : start;
    }

    private boolean isCommonPrefix(byte[] last) {
        byte[] common = KeyOrder.startsWith(last, prefix) ? commonPrefix(last) : null;
        return common != null && common.length == last.length;
    }

    /** Moves a cursor behind all rows whose keys start so. */
    static void skip(ViewCursor cursor, byte[] rowPrefix) {
        for (int step = 0; step < STEP_COUNT_MAX; step++) {
            if (!cursor.valid() || !KeyOrder.startsWith(cursor.key(), rowPrefix)) {
                return;
            }
            cursor.next();
        }
        byte[] behind = KeyOrder.afterPrefix(rowPrefix);
        if (behind != null && cursor.valid() && KeyOrder.startsWith(cursor.key(), rowPrefix)) {
            cursor.seek(behind);
        }
    }
}
