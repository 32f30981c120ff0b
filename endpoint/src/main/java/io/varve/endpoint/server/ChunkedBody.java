package io.varve.endpoint.server;

import java.io.IOException;

/**
 * A body in the chunked transfer coding. Chunk extensions and trailer fields are read, within a
 * limit, and ignored, as a recipient may that does not know them.
 */
final class ChunkedBody extends RequestBody {
    private static final int MAX_LINE_BYTES = 4 << 10;
    private static final int MAX_TRAILER_BYTES = 16 << 10;
    private static final int MAX_SIZE_DIGITS = 15;

    private final ReceiveBuffer buffer;
    private final ReceiveBuffer.Source source;
    private final long maxBytes;
    private long chunkRemaining;
    private boolean ended;
    private long received;

    ChunkedBody(ReceiveBuffer buffer, ReceiveBuffer.Source source, long maxBytes) {
        this.buffer = buffer;
        this.source = source;
        this.maxBytes = maxBytes;
    }

    @Override
    boolean ended() {
        return ended;
    }

    @Override
    long remaining() {
        return ended ? 0 : -1;
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
        if (ended) {
            return -1;
        }
        if (chunkRemaining == 0 && !nextChunk()) {
            return -1;
        }
        int wanted = (int) Math.min(count, chunkRemaining);
        int got = buffer.read(source, into, offset, wanted);
        if (got < 0) {
            throw disconnected("the body ended inside a chunk, after " + received + " bytes");
        }
        received += got;
        chunkRemaining -= got;
        if (chunkRemaining == 0) {
            endOfChunk();
        }
        return got;
    }

    private boolean nextChunk() throws IOException {
        chunkRemaining = readSize();
        if (received + chunkRemaining > maxBytes) {
            throw new BodyException(
                    BodyException.Reason.TOO_LARGE, "more than " + maxBytes + " bytes");
        }
        if (chunkRemaining > 0) {
            return true;
        }
        int trailerBytes = 0;
        for (int length = skipLine(); length > 0; length = skipLine()) {
            trailerBytes += length;
            if (trailerBytes > MAX_TRAILER_BYTES) {
                throw malformed("the trailer is too large");
            }
        }
        ended = true;
        return false;
    }

    private void endOfChunk() throws IOException {
        require(2);
        if (buffer.at(0) != '\r' || buffer.at(1) != '\n') {
            throw malformed("a chunk is longer than its size");
        }
        buffer.skip(2);
    }

    private long readSize() throws IOException {
        long size = 0;
        int digits = 0;
        while (true) {
            require(digits + 1);
            int digit = Character.digit(buffer.at(digits), 16);
            if (digit < 0) {
                break;
            }
            if (++digits > MAX_SIZE_DIGITS) {
                throw malformed("the chunk size is too large");
            }
            size = size * 16 + digit;
        }
        byte after = buffer.at(digits);
        boolean endsHere = after == '\r' || after == ';' || after == ' ' || after == '\t';
        if (digits == 0 || !endsHere) {
            throw malformed("the chunk size is not a number");
        }
        buffer.skip(digits);
        skipLine();
        return size;
    }

    /** Skips to behind the next CRLF; the number of bytes before it. */
    private int skipLine() throws IOException {
        for (int i = 0; i < MAX_LINE_BYTES; i++) {
            require(i + 1);
            byte b = buffer.at(i);
            if (b == '\n') {
                throw malformed("a line ends with a bare LF");
            }
            if (b == '\r') {
                require(i + 2);
                if (buffer.at(i + 1) != '\n') {
                    throw malformed("a bare CR in the chunk framing");
                }
                buffer.skip(i + 2);
                return i;
            }
        }
        throw malformed("a line of the chunk framing is too long");
    }

    private void require(int count) throws IOException {
        while (buffer.available() < count) {
            if (!buffer.fill(source)) {
                throw disconnected("the body ended without its last chunk");
            }
        }
    }

    private static BodyException malformed(String message) {
        return new BodyException(BodyException.Reason.MALFORMED, message);
    }

    @Override
    public int available() {
        return (int) Math.min(buffer.available(), chunkRemaining);
    }
}
