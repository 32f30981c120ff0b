package io.varve.devices.remote;

import io.varve.devices.BlobPayload;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * One message between a storage host and who uses its devices. Big-endian.
 *
 * <pre>
 *    0    +-------------------------------+
 *         | length of what follows        |
 *    4    +-------------------------------+
 *         | kind: an operation, 0x40 its  |
 *         | answer, 0x41 its refusal      |
 *    5    +-------------------------------+
 *         | number: of the request, and   |
 *         | the same of its answer        |
 *   13    +-------------------------------+
 *         | body                          |
 *         +-------------------------------+
 * </pre>
 *
 * <p>The connection's encryption finds what is changed on the way; bytes of blobs have checksums of
 * their own, which were made where they came from.
 *
 * @param body the whole of it, or what stands before the payload
 */
record Frame(byte kind, long number, byte[] body, @Nullable BlobPayload payload) {
    static final byte ANSWER = 0x40;
    static final byte REFUSAL = 0x41;

    /** A blob of the largest size, and what is said of it. */
    static final int MAX_BYTES = (64 << 20) + (1 << 20);

    private static final int HEAD_BYTES = 9;
    private static final int CHUNK_BYTES = 16 << 10;

    static Frame of(byte kind, long number, byte[] body) {
        return new Frame(kind, number, body, null);
    }

    int bodyBytes() {
        return body.length + (payload == null ? 0 : payload.lengthBytes());
    }

    /** Waits for the next; null at the end of the stream. */
    static @Nullable Frame read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length < HEAD_BYTES || length > MAX_BYTES) {
            throw new ProtocolException("a frame cannot have this length: " + length);
        }
        byte kind = in.readByte();
        long number = in.readLong();
        byte[] body = new byte[length - HEAD_BYTES];
        in.readFully(body);
        return of(kind, number, body);
    }

    void write(OutputStream out) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + HEAD_BYTES);
        head.putInt(HEAD_BYTES + bodyBytes()).put(kind).putLong(number);
        out.write(head.array());
        out.write(body);
        BlobPayload bytes = payload;
        for (int part = 0; bytes != null && part < bytes.partCount(); part++) {
            write(bytes.part(part), out);
        }
    }

    private static void write(ByteBuffer part, OutputStream out) throws IOException {
        if (part.hasArray()) {
            out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            return;
        }
        byte[] chunk = new byte[Math.min(CHUNK_BYTES, part.remaining())];
        while (part.hasRemaining()) {
            int step = Math.min(chunk.length, part.remaining());
            part.get(chunk, 0, step);
            out.write(chunk, 0, step);
        }
    }

    @Override
    public String toString() {
        return "Frame[kind=%d, number=%d, bytes=%d]".formatted(kind, number, bodyBytes());
    }
}
