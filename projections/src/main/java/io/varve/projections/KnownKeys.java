package io.varve.projections;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Of a store that began empty: which keys it may hold. What it says is not there is not, so that
 * most rows that a fold asks for in vain need not be looked for in files. It takes 16 MiB, is right
 * about 99 of 100 absent keys while there are fewer than ten million, and about fewer beyond. Owned
 * by one thread.
 */
final class KnownKeys {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD_COUNT = 1 << 21;
    private static final int PROBES = 5;
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long[] words = new long[WORD_COUNT];

    void add(byte[] key) {
        long hash = hash(key);
        int step = (int) (hash >>> 32) | 1;
        int bit = (int) hash;
        for (int i = 0; i < PROBES; i++) {
            words[word(bit)] |= 1L << bit;
            bit += step;
        }
    }

    boolean mayHold(byte[] key) {
        long hash = hash(key);
        int step = (int) (hash >>> 32) | 1;
        int bit = (int) hash;
        for (int i = 0; i < PROBES; i++) {
            if ((words[word(bit)] & 1L << bit) == 0) {
                return false;
            }
            bit += step;
        }
        return true;
    }

    private static int word(int bit) {
        return bit >>> 6 & WORD_COUNT - 1;
    }

    private static long hash(byte[] key) {
        long hash = key.length * MULTIPLIER;
        int at = 0;
        for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(key, at));
        }
        long rest = 0;
        for (; at < key.length; at++) {
            rest = rest << 8 | (key[at] & 0xFF);
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 32) * MULTIPLIER;
        return mixed ^ mixed >>> 29;
    }
}
