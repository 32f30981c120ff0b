package io.varve.endpoint.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes on their way out, gathered so that a head and a small body leave in one write. Owned by the
 * connection's thread.
 */
final class OutputBuffer {
    private static final int SMALL_BYTES = 1 << 10;

    /** Bodies that fit beside their head are copied behind it. */
    static final int GATHER_BYTES = 16 << 10;

    private final Wire wire;
    private byte[] bytes;
    private int length;

    /**
     * @param expectedBytes how much will probably be gathered
     */
    OutputBuffer(Wire wire, long expectedBytes) {
        this.wire = wire;
        this.bytes = new byte[(int) Math.min(SMALL_BYTES + expectedBytes, GATHER_BYTES)];
    }

    void append(byte[] more) {
        ensure(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    void appendAscii(String text) {
        int count = text.length();
        ensure(count);
        byte[] ascii = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(ascii, 0, bytes, length, count);
        length += count;
    }

    /** Body bytes: gathered while they fit, else written through in order. */
    void write(byte[] from, int offset, int count) throws DisconnectedException {
        if (count <= GATHER_BYTES - length) {
            ensure(count);
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
            return;
        }
        flush();
        if (count < GATHER_BYTES) {
            write(from, offset, count);
        } else {
            wire.write(from, offset, count);
        }
    }

    void flush() throws DisconnectedException {
        if (length > 0) {
            int count = length;
            length = 0;
            wire.write(bytes, 0, count);
        }
    }

    private void ensure(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
