package io.varve.endpoint.server;

import java.io.IOException;

/** A body of the length that its header announced. */
final class FixedLengthBody extends RequestBody {
    private final ReceiveBuffer buffer;
    private final ReceiveBuffer.Source source;
    private final long length;
    private final long maxBytes;
    private long received;

    FixedLengthBody(ReceiveBuffer buffer, ReceiveBuffer.Source source, long length, long maxBytes) {
        this.buffer = buffer;
        this.source = source;
        this.length = length;
        this.maxBytes = maxBytes;
    }

    @Override
    boolean ended() {
        return received == length;
    }

    @Override
    long remaining() {
        return length - received;
    }

    @Override
    long received() {
        return received;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (ended()) {
            return -1;
        }
        if (length > maxBytes) {
            throw new BodyException(
                    BodyException.Reason.TOO_LARGE, length + " bytes, at most " + maxBytes);
        }
        int wanted = (int) Math.min(count, length - received);
        int got = buffer.read(source, into, offset, wanted);
        if (got < 0) {
            throw disconnected("the body ended after " + received + " of " + length + " bytes");
        }
        received += got;
        return got;
    }

    @Override
    public int available() {
        return (int) Math.min(buffer.available(), remaining());
    }
}
