package io.varve.dr.replica;

import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceException;
import io.varve.devices.compress.BlobCompression;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * Makes smaller what goes to the other site, in the form that compressed blobs have on devices
 * ({@code docs/formats/compressed-blobs.md}). Safe for use by many threads.
 */
public final class WireCompression {
    private static final BlobCompression COMPRESSION = new BlobCompression();

    private WireCompression() {}

    /** The same in fewer bytes; null when it does not get smaller by an eighth. */
    public static byte @Nullable [] compress(byte[] content) {
        BlobPayload smaller = COMPRESSION.compress(ByteBuffer.wrap(content));
        return smaller == null ? null : bytes(smaller);
    }

    private static byte[] bytes(BlobPayload payload) {
        ByteBuffer out = ByteBuffer.allocate(payload.lengthBytes());
        for (int i = 0; i < payload.partCount(); i++) {
            out.put(payload.part(i).duplicate());
        }
        return out.array();
    }

    /**
     * What was compressed.
     *
     * @throws ReplicaException when it is damaged, or not of that length
     */
    public static byte[] decompress(byte[] stored, int contentBytes) {
        byte[] content = new byte[contentBytes];
        try {
            COMPRESSION.read(new InMemory(stored), 0, ByteBuffer.wrap(content));
        } catch (DeviceException e) {
            throw new ReplicaException("compressed bytes were damaged on the way", e);
        }
        return content;
    }

    /** A payload that was read already. */
    @SuppressWarnings("ArrayRecordComponent")
    private record InMemory(byte[] payload) implements BlobCompression.Stored {
        @Override
        public int lengthBytes() {
            return payload.length;
        }

        @Override
        public void read(int at, ByteBuffer target) {
            int length = Math.min(target.remaining(), payload.length - at);
            target.put(payload, at, length);
        }
    }
}
