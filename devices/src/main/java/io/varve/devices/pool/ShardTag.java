package io.varve.devices.pool;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a shard's record says of itself, before the owner's tag. Little-endian.
 *
 * <pre>
 *    0    +-------+-------+-------+-------+
 *         |version| shard |   k   |   m   |
 *    4    +-------+-------+-------+-------+
 *         | length of the whole blob      |
 *    8    +-------------------------------+
 *         | owner tag                     |
 *         +-------------------------------+
 * </pre>
 *
 * @param ownerTag not to be changed
 */
record ShardTag(int shard, ShardLayout layout, byte[] ownerTag) {
    static final int FIXED_BYTES = 8;

    private static final byte VERSION = 1;
    private static final int SHARD_OFFSET = 1;
    private static final int DATA_OFFSET = 2;
    private static final int PARITY_OFFSET = 3;
    private static final int LENGTH_OFFSET = 4;

    byte[] bytes() {
        ByteBuffer bytes =
                ByteBuffer.allocate(FIXED_BYTES + ownerTag.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(VERSION)
                .put((byte) shard)
                .put((byte) layout.dataShards())
                .put((byte) layout.parityShards())
                .putInt(layout.blobBytes())
                .put(ownerTag);
        return bytes.array();
    }

    /** Null when the bytes are no shard's tag. */
    static @Nullable ShardTag parse(byte[] bytes) {
        if (bytes.length < FIXED_BYTES || bytes[0] != VERSION) {
            return null;
        }
        int dataShards = bytes[DATA_OFFSET];
        int parityShards = bytes[PARITY_OFFSET];
        int shard = bytes[SHARD_OFFSET];
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_OFFSET);
        if (dataShards < 1
                || parityShards < 1
                || shard < 0
                || shard >= dataShards + parityShards
                || length < 0) {
            return null;
        }
        return new ShardTag(
                shard,
                new ShardLayout(dataShards, parityShards, length),
                Arrays.copyOfRange(bytes, FIXED_BYTES, bytes.length));
    }
}
