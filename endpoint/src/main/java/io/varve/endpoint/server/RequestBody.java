package io.varve.endpoint.server;

import java.io.IOException;
import java.io.InputStream;

/** A request's body off the wire, transfer coding removed. Owned by the connection's thread. */
abstract sealed class RequestBody extends InputStream
        permits EmptyBody, FixedLengthBody, ChunkedBody {

    /** Whether every byte of it, framing included, has been taken off the wire. */
    abstract boolean ended();

    /** How many bytes are still to come; -1 when that is not known. */
    abstract long remaining();

    /** Body bytes handed out so far. */
    abstract long received();

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public abstract int read(byte[] into, int offset, int length) throws IOException;

    static BodyException disconnected(String message) {
        return new BodyException(BodyException.Reason.DISCONNECTED, message);
    }
}
