package io.varve.projections.topology;

import io.varve.projections.ViewDamagedException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of the topology's rows. All begin with the table byte; a second byte says what the row
 * is:
 *
 * <pre>
 *  t e          epoch                 t p ID (4)   pool
 *  t m          placement map         t n NAME     the id of the pool of that name
 *  t d ID (4)   device                t r ID (4)   pool that was removed
 * </pre>
 */
public final class TopologyKeys {
    /** What the keys of all topology rows begin with. */
    public static final byte TABLE = 't';

    static final byte EPOCH = 'e';
    static final byte MAP = 'm';
    static final byte DEVICE = 'd';
    static final byte POOL = 'p';
    static final byte POOL_NAME = 'n';
    static final byte REMOVED_POOL = 'r';

    private static final int KIND_END = 2;

    private TopologyKeys() {}

    static byte[] table() {
        return new byte[] {TABLE};
    }

    static byte[] of(byte kind) {
        return new byte[] {TABLE, kind};
    }

    static byte[] of(byte kind, int id) {
        return ByteBuffer.allocate(KIND_END + Integer.BYTES)
                .put(TABLE)
                .put(kind)
                .putInt(id)
                .array();
    }

    static byte[] poolName(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(KIND_END + utf8.length)
                .put(TABLE)
                .put(POOL_NAME)
                .put(utf8)
                .array();
    }

    static byte kind(byte[] key) {
        if (key.length < KIND_END) {
            throw new ViewDamagedException("a topology row without a kind");
        }
        return key[1];
    }

    static int id(byte[] key) {
        if (key.length != KIND_END + Integer.BYTES) {
            throw new ViewDamagedException("a topology row with a key of " + key.length + " bytes");
        }
        return ByteBuffer.wrap(key).getInt(KIND_END);
    }

    /** A key as people can read it: what kind of row, and of what. */
    public static String describe(byte[] key) {
        return switch (kind(key)) {
            case EPOCH -> "epoch";
            case MAP -> "map";
            case DEVICE -> "device " + id(key);
            case POOL -> "pool " + id(key);
            case REMOVED_POOL -> "removed pool " + id(key);
            case POOL_NAME ->
                    "pool name "
                            + new String(
                                    Arrays.copyOfRange(key, KIND_END, key.length),
                                    StandardCharsets.UTF_8);
            default -> throw new ViewDamagedException("unknown topology row: " + kind(key));
        };
    }
}
