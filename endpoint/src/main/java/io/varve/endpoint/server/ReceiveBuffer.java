package io.varve.endpoint.server;

import java.io.IOException;

/**
 * Bytes received and not yet used: a request's head, and what of its body or of the next request
 * came along. Owned by the connection's thread.
 */
final class ReceiveBuffer {
    /** A head and a body of 4 KiB come in one read. */
    private static final int INITIAL_BYTES = 8 << 10;

    /** Reads into smaller arrays than this go through the buffer, to save system calls. */
    private static final int DIRECT_READ_MIN_BYTES = 2 << 10;

    /** Where more bytes come from: at least one, or -1 at the end. */
    @FunctionalInterface
    interface Source {
        int read(byte[] into, int offset, int length) throws IOException;
    }

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int start;
    private int end;

    int available() {
        return end - start;
    }

    /** The byte at {@code index} after the first unused one. */
    byte at(int index) {
        return bytes[start + index];
    }

    byte[] array() {
        return bytes;
    }

    int arrayStart() {
        return start;
    }

    void skip(int count) {
        start += count;
    }

    /** Gives memory back that only a large head has needed. */
    void shrinkWhenEmpty() {
        if (start == end) {
            start = 0;
            end = 0;
            if (bytes.length > INITIAL_BYTES) {
                bytes = new byte[INITIAL_BYTES];
            }
        }
    }

    /** Adds at least one byte; false at the end of the connection. */
    boolean fill(Source source) throws IOException {
        makeRoom();
        int count = source.read(bytes, end, bytes.length - end);
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }

    private void makeRoom() {
        if (start == end) {
            start = 0;
            end = 0;
        }
        if (end < bytes.length) {
            return;
        }
        byte[] target = start > 0 ? bytes : new byte[bytes.length * 2];
        System.arraycopy(bytes, start, target, 0, end - start);
        end -= start;
        start = 0;
        bytes = target;
    }

    /** Reads up to {@code length} bytes, buffered ones first; -1 at the end of the connection. */
    int read(Source source, byte[] into, int offset, int length) throws IOException {
        if (start == end) {
            if (length >= DIRECT_READ_MIN_BYTES) {
                return source.read(into, offset, length);
            }
            if (!fill(source)) {
                return -1;
            }
        }
        int count = Math.min(length, end - start);
        System.arraycopy(bytes, start, into, offset, count);
        start += count;
        return count;
    }
}
