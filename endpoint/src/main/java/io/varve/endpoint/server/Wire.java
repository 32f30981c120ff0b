package io.varve.endpoint.server;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of one connection, TLS removed. Blocking; owned by the connection's thread. A write
 * that the client does not take within the write timeout ends the connection.
 */
abstract sealed class Wire permits PlainWire, TlsWire {
    /** What a client must take within the write timeout. */
    static final int PIECE_BYTES = 64 << 10;

    /** How long a client may go on sending what nobody reads. */
    static final int LINGER_MS = 20_000;

    /** Its silence that ends the wait earlier. */
    static final int LINGER_SILENCE_MS = 2_000;

    private final TrackedConnection connection;
    private final int writeTimeoutMs;
    private long bytesWritten;

    Wire(TrackedConnection connection, int writeTimeoutMs) {
        this.connection = connection;
        this.writeTimeoutMs = writeTimeoutMs;
    }

    /** Reads at least one byte, or returns -1 at the end. */
    abstract int read(byte[] into, int offset, int length) throws IOException;

    abstract void writePiece(byte[] from, int offset, int length) throws IOException;

    /** Sends what the protocol says at its end, if anything; the socket stays open. */
    abstract void farewell() throws IOException;

    /**
     * @throws DisconnectedException when the client is gone or does not read
     */
    final void write(byte[] from, int offset, int length) throws DisconnectedException {
        int at = offset;
        int end = offset + length;
        try {
            while (at < end) {
                int piece = Math.min(PIECE_BYTES, end - at);
                connection.deadlineIn(writeTimeoutMs);
                writePiece(from, at, piece);
                at += piece;
            }
        } catch (IOException e) {
            throw new DisconnectedException(e);
        } finally {
            connection.noDeadline();
            bytesWritten += at - offset;
        }
    }

    /**
     * Tells the client that nothing more comes, then reads and drops what it is still sending, for
     * a bounded time. To close at once would make the operating system drop the response that the
     * client has not read yet. The caller closes the connection afterwards.
     */
    final void linger() throws IOException {
        connection.deadlineIn(LINGER_MS);
        connection.readTimeout(LINGER_SILENCE_MS);
        farewell();
        connection.shutdownOutput();
        // Below TLS: what is dropped need not be deciphered.
        InputStream in = connection.channel().socket().getInputStream();
        byte[] dropped = new byte[8 << 10];
        long endMs = TrackedConnection.nowMs() + LINGER_MS;
        while (TrackedConnection.nowMs() < endMs && in.read(dropped, 0, dropped.length) >= 0) {
            // Nobody wants them.
        }
    }

    final long bytesWritten() {
        return bytesWritten;
    }

    final TrackedConnection connection() {
        return connection;
    }
}
