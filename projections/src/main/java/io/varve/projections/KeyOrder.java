package io.varve.projections;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Comparator;

/** The order of keys: as unsigned bytes, a prefix before what it is a prefix of. */
public final class KeyOrder {
    public static final Comparator<byte[]> BYTES = Arrays::compareUnsigned;

    private KeyOrder() {}

    /**
     * The first key after all keys that start so.
     *
     * @return null when there is none: the prefix is empty or all ones
     */
    public static byte @Nullable [] afterPrefix(byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xFF) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] after = Arrays.copyOf(prefix, length);
        after[length - 1]++;
        return after;
    }

    /** The first key after this one. */
    public static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    public static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length
                && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
