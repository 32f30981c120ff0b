package io.varve.projections;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The running sum behind a {@link ViewDigest}. Owned by one thread. */
final class RowHash {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MessageDigest sha256;
    private final byte[] hash = new byte[ViewDigest.SIZE_BYTES];
    private final byte[] keyLength = new byte[2];
    private long lane0;
    private long lane1;
    private long lane2;
    private long lane3;

    RowHash(ViewDigest start) {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        lane0 = start.lane0();
        lane1 = start.lane1();
        lane2 = start.lane2();
        lane3 = start.lane3();
    }

    void add(byte[] key, byte[] value) {
        hash(key, value);
        lane0 += (long) LONG.get(hash, 0);
        lane1 += (long) LONG.get(hash, 8);
        lane2 += (long) LONG.get(hash, 16);
        lane3 += (long) LONG.get(hash, 24);
    }

    void remove(byte[] key, byte[] value) {
        hash(key, value);
        lane0 -= (long) LONG.get(hash, 0);
        lane1 -= (long) LONG.get(hash, 8);
        lane2 -= (long) LONG.get(hash, 16);
        lane3 -= (long) LONG.get(hash, 24);
    }

    ViewDigest digest() {
        return new ViewDigest(lane0, lane1, lane2, lane3);
    }

    /** The length goes first, so that no byte can move between key and value unseen. */
    private void hash(byte[] key, byte[] value) {
        keyLength[0] = (byte) (key.length >>> 8);
        keyLength[1] = (byte) key.length;
        sha256.update(keyLength);
        sha256.update(key);
        sha256.update(value);
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
    }
}
