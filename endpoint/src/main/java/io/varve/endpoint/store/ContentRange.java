package io.varve.endpoint.store;

import io.varve.journal.record.Checksum;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A range of stored bytes as the body of another object: for copies that need the bytes. Reads a
 * piece at a time, so its memory does not depend on the range. Owned by one thread.
 */
public final class ContentRange implements ObjectBody {
    private static final int PIECE_BYTES = 1 << 20;

    private final Content content;
    private final long offset;
    private final long lengthBytes;

    public ContentRange(Content content, long offset, long lengthBytes) {
        this.content = content;
        this.offset = offset;
        this.lengthBytes = lengthBytes;
    }

    @Override
    public InputStream stream() {
        return new Pieces();
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public List<Checksum> checksums() {
        return List.of();
    }

    private final class Pieces extends InputStream {
        private byte[] piece = new byte[0];
        private int pieceAt;
        private long taken;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int start, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (pieceAt == piece.length && !nextPiece()) {
                return -1;
            }
            int read = Math.min(length, piece.length - pieceAt);
            System.arraycopy(piece, pieceAt, bytes, start, read);
            pieceAt += read;
            return read;
        }

        private boolean nextPiece() throws IOException {
            int size = (int) Math.min(lengthBytes - taken, PIECE_BYTES);
            if (size == 0) {
                return false;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream(size);
            try (ObjectReader reader = content.open(offset + taken, size)) {
                reader.transferTo(out);
            }
            piece = out.toByteArray();
            if (piece.length != size) {
                throw new IOException(
                        "the store gave " + piece.length + " bytes of " + size + " of a range");
            }
            pieceAt = 0;
            taken += size;
            return true;
        }
    }
}
