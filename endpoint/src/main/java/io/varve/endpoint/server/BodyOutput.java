package io.varve.endpoint.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What a {@link HttpBody.Source} writes to. Closing it does nothing: the response ends it. */
abstract sealed class BodyOutput extends OutputStream {
    final OutputBuffer out;

    private BodyOutput(OutputBuffer out) {
        this.out = out;
    }

    @Override
    public final void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public abstract void write(byte[] from, int offset, int length) throws IOException;

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Called when the source has written all it will. */
    abstract void end() throws IOException;

    /** Exactly as many bytes as the head has announced. */
    static final class Fixed extends BodyOutput {
        private final long announced;
        private long written;

        Fixed(OutputBuffer out, long announced) {
            super(out);
            this.announced = announced;
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            if (length > announced - written) {
                throw new IllegalStateException(
                        "a body of " + announced + " bytes got " + (written + length));
            }
            out.write(from, offset, length);
            written += length;
        }

        @Override
        void end() throws IOException {
            if (written != announced) {
                throw new IllegalStateException(
                        "a body of " + announced + " bytes ended after " + written);
            }
            out.flush();
        }
    }

    /** Until the connection closes: what HTTP/1.0 has for a body of unknown length. */
    static final class UntilClose extends BodyOutput {
        UntilClose(OutputBuffer out) {
            super(out);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            out.write(from, offset, length);
        }

        @Override
        void end() throws IOException {
            out.flush();
        }
    }

    /** In chunks. */
    static final class Chunked extends BodyOutput {
        private static final int CHUNK_BYTES = 8 << 10;
        private static final byte[] CRLF = {'\r', '\n'};
        private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        private final byte[] chunk = new byte[CHUNK_BYTES];
        private int length;

        Chunked(OutputBuffer out) {
            super(out);
        }

        @Override
        public void write(byte[] from, int offset, int count) throws IOException {
            if (count > CHUNK_BYTES - length) {
                emit(chunk, 0, length);
                length = 0;
            }
            if (count > CHUNK_BYTES) {
                emit(from, offset, count);
                return;
            }
            System.arraycopy(from, offset, chunk, length, count);
            length += count;
        }

        private void emit(byte[] from, int offset, int count) throws IOException {
            if (count == 0) {
                return;
            }
            byte[] size = (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            out.write(size, 0, size.length);
            out.write(from, offset, count);
            out.write(CRLF, 0, CRLF.length);
        }

        @Override
        public void flush() throws IOException {
            emit(chunk, 0, length);
            length = 0;
            super.flush();
        }

        @Override
        void end() throws IOException {
            emit(chunk, 0, length);
            length = 0;
            out.write(LAST, 0, LAST.length);
            out.flush();
        }
    }
}
