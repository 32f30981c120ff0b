package io.varve.devices.erasure;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Brings a shard's bytes block by block into arrays of longs. Single-threaded. */
final class ShardCursor {
    private final List<ByteBuffer> parts;
    private final ByteBuffer across;
    private int part;
    private int at;

    /**
     * @param across for a block that lies in several parts, or is no multiple of a long
     */
    ShardCursor(List<ByteBuffer> parts, ByteBuffer across) {
        this.parts = parts;
        this.across = across;
    }

    /** Brings the next bytes; zeros follow on the end of the shard. */
    void next(long[] block, int lengthBytes) {
        while (part < parts.size() && at == parts.get(part).remaining()) {
            part++;
            at = 0;
        }
        int longs = (lengthBytes + Long.BYTES - 1) / Long.BYTES;
        if (part < parts.size()
                && lengthBytes % Long.BYTES == 0
                && parts.get(part).remaining() - at >= lengthBytes) {
            ByteBuffer bytes = parts.get(part);
            read(bytes.slice(bytes.position() + at, lengthBytes), block, longs);
            at += lengthBytes;
            return;
        }
        across.clear();
        while (across.position() < lengthBytes && part < parts.size()) {
            ByteBuffer bytes = parts.get(part);
            int step = Math.min(lengthBytes - across.position(), bytes.remaining() - at);
            across.put(across.position(), bytes, bytes.position() + at, step);
            across.position(across.position() + step);
            at += step;
            if (at == bytes.remaining()) {
                part++;
                at = 0;
            }
        }
        while (across.position() < longs * Long.BYTES) {
            across.put((byte) 0);
        }
        read(across.flip(), block, longs);
    }

    private static void read(ByteBuffer bytes, long[] block, int longs) {
        bytes.order(ByteOrder.nativeOrder()).asLongBuffer().get(block, 0, longs);
    }

    /** Puts the first bytes of a block behind what a buffer has. */
    static void put(long[] block, ByteBuffer target, int lengthBytes, ByteBuffer across) {
        if (lengthBytes % Long.BYTES == 0) {
            target.slice(target.position(), lengthBytes)
                    .order(ByteOrder.nativeOrder())
                    .asLongBuffer()
                    .put(block, 0, lengthBytes / Long.BYTES);
            target.position(target.position() + lengthBytes);
            return;
        }
        across.clear().order(ByteOrder.nativeOrder());
        across.asLongBuffer().put(block, 0, (lengthBytes + Long.BYTES - 1) / Long.BYTES);
        target.put(across.limit(lengthBytes));
    }
}
