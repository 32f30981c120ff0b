package io.varve.endpoint.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Straight on the socket, so that bodies move without a copy in between. */
final class PlainWire extends Wire {
    private final InputStream in;
    private final OutputStream out;

    PlainWire(TrackedConnection connection, int writeTimeoutMs) throws IOException {
        super(connection, writeTimeoutMs);
        this.in = connection.channel().socket().getInputStream();
        this.out = connection.channel().socket().getOutputStream();
    }

    @Override
    int read(byte[] into, int offset, int length) throws IOException {
        return in.read(into, offset, length);
    }

    @Override
    void writePiece(byte[] from, int offset, int length) throws IOException {
        out.write(from, offset, length);
    }

    @Override
    void farewell() {}
}
