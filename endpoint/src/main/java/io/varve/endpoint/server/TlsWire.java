package io.varve.endpoint.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Through the TLS socket of the HTTP library, which has done the handshake. */
final class TlsWire extends Wire {
    private static final byte[] NOTHING = {};

    private final HelidonSocket socket;
    private byte[] received = NOTHING;
    private int position;

    TlsWire(TrackedConnection connection, HelidonSocket socket, int writeTimeoutMs) {
        super(connection, writeTimeoutMs);
        this.socket = socket;
    }

    @Override
    int read(byte[] into, int offset, int length) throws IOException {
        if (position == received.length && !receive()) {
            return -1;
        }
        int count = Math.min(length, received.length - position);
        System.arraycopy(received, position, into, offset, count);
        position += count;
        return count;
    }

    private boolean receive() throws IOException {
        try {
            byte[] next = socket.get();
            received = next == null ? NOTHING : next;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        position = 0;
        return received.length > 0;
    }

    @Override
    void writePiece(byte[] from, int offset, int length) throws IOException {
        try {
            socket.write(BufferData.create(from, offset, length));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Sends close_notify. The library closes a TLS socket without the one below it. */
    @Override
    void farewell() {
        try {
            socket.close();
        } catch (UncheckedIOException _) {
            // The client has sent something else than its own close_notify, or is gone.
        }
    }
}
