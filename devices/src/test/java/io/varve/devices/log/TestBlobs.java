package io.varve.devices.log;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Blobs whose content follows from their id, so that no test need keep it. */
public final class TestBlobs {
    private TestBlobs() {}

    public static BlobId id(long number) {
        return new BlobId(0x0102_0304_0506_0000L, number);
    }

    public static int length(BlobId id, int maxBytes) {
        Random random = new Random(id.low() * 31 + 7);
        return switch (random.nextInt(8)) {
            case 0 -> 0;
            case 1 -> random.nextInt(16);
            case 2 -> 4096;
            case 3 -> random.nextInt(maxBytes);
            default -> random.nextInt(2000);
        };
    }

    public static byte[] content(BlobId id, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(id.low()).nextBytes(bytes);
        return bytes;
    }

    public static byte[] tag(BlobId id) {
        return Arrays.copyOf(
                ByteBuffer.allocate(8).putLong(id.low()).array(), (int) (id.low() & 7));
    }

    public static BlobPayload payload(BlobId id, int lengthBytes) {
        return BlobPayload.of(content(id, lengthBytes));
    }
}
