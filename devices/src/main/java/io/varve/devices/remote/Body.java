package io.varve.devices.remote;

import io.varve.devices.BlobId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Puts together the body of a frame. Single-threaded. */
final class Body {
    private static final int FIRST_BYTES = 64;

    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_BYTES);

    private ByteBuffer room(int count) {
        if (bytes.remaining() < count) {
            int wanted = Math.max(2 * bytes.capacity(), bytes.position() + count);
            bytes = ByteBuffer.allocate(wanted).put(bytes.flip());
        }
        return bytes;
    }

    Body put(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    Body put(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    Body put(double value) {
        room(Double.BYTES).putDouble(value);
        return this;
    }

    Body put(boolean value) {
        room(1).put((byte) (value ? 1 : 0));
        return this;
    }

    Body put(BlobId id) {
        return put(id.high()).put(id.low());
    }

    Body put(UUID id) {
        return put(id.getMostSignificantBits()).put(id.getLeastSignificantBits());
    }

    Body put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With its length before it. */
    Body put(byte[] value) {
        put(value.length);
        room(value.length).put(value);
        return this;
    }

    /** Without a length: to the end of the body. */
    Body rest(ByteBuffer value) {
        room(value.remaining()).put(value);
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static BlobId blobId(ByteBuffer in) {
        long high = in.getLong();
        return new BlobId(high, in.getLong());
    }

    static UUID uuid(ByteBuffer in) {
        long high = in.getLong();
        return new UUID(high, in.getLong());
    }

    static boolean bool(ByteBuffer in) {
        return in.get() != 0;
    }

    static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a field cannot have this length: " + length);
        }
        byte[] value = new byte[length];
        in.get(value);
        return value;
    }

    static String text(ByteBuffer in) {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }
}
