package io.varve.endpoint.store;

import io.varve.journal.record.Checksum;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A body of given bytes that may end badly. */
final class BytesBody implements ObjectBody {
    private final InputStream stream;
    private final long lengthBytes;
    private final boolean wrongMd5;

    private BytesBody(InputStream stream, long lengthBytes, boolean wrongMd5) {
        this.stream = stream;
        this.lengthBytes = lengthBytes;
        this.wrongMd5 = wrongMd5;
    }

    static BytesBody of(byte[] bytes) {
        return new BytesBody(new ByteArrayInputStream(bytes), bytes.length, false);
    }

    static BytesBody ofUnknownLength(byte[] bytes) {
        return new BytesBody(new ByteArrayInputStream(bytes), -1, false);
    }

    static BytesBody withWrongMd5(byte[] bytes) {
        return new BytesBody(new ByteArrayInputStream(bytes), bytes.length, true);
    }

    /** Throws after its bytes, where it should end. */
    static BytesBody failingAtItsEnd(byte[] bytes, IOException failure) {
        return new BytesBody(new FailingStream(bytes, failure), bytes.length, false);
    }

    static BytesBody of(InputStream stream, long lengthBytes) {
        return new BytesBody(stream, lengthBytes, false);
    }

    @Override
    public InputStream stream() {
        return stream;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public List<Checksum> checksums() {
        return List.of();
    }

    @Override
    public void verifyMd5(byte[] md5) throws IOException {
        if (wrongMd5) {
            throw new IOException("wrong md5");
        }
    }

    private static final class FailingStream extends InputStream {
        private final ByteArrayInputStream bytes;
        private final IOException failure;

        FailingStream(byte[] bytes, IOException failure) {
            this.bytes = new ByteArrayInputStream(bytes);
            this.failure = failure;
        }

        @Override
        public int read() throws IOException {
            int value = bytes.read();
            return orFail(value);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return orFail(bytes.read(target, offset, length));
        }

        private int orFail(int result) throws IOException {
            if (result < 0) {
                throw failure;
            }
            return result;
        }
    }
}
