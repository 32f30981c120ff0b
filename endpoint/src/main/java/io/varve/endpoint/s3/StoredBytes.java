package io.varve.endpoint.s3;

import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.List;

/**
 * A range of a stored object as the body of another: for copies that need the bytes. Reads a piece
 * at a time, so its memory does not depend on the range. Owned by one thread.
 */
final class StoredBytes implements ObjectBody {
    private static final int PIECE_BYTES = 1024 * 1024;

    private final ObjectStore store;
    private final ObjectVersion source;
    private final ByteRange range;
    private final @Nullable ChecksumAlgorithm algorithm;
    private final @Nullable RunningChecksum checksum;
    private @Nullable String checksumValue;

    /**
     * @param algorithm of the checksum to compute on the way; null for none
     */
    StoredBytes(
            ObjectStore store,
            ObjectVersion source,
            ByteRange range,
            @Nullable ChecksumAlgorithm algorithm) {
        this.store = store;
        this.source = source;
        this.range = range;
        this.algorithm = algorithm;
        this.checksum = algorithm == null ? null : RunningChecksum.of(algorithm);
    }

    @Override
    public InputStream stream() {
        return new Pieces();
    }

    @Override
    public long lengthBytes() {
        return range.lengthBytes();
    }

    @Override
    public List<Checksum> checksums() {
        if (algorithm == null) {
            return List.of();
        }
        if (checksumValue == null) {
            throw new IllegalStateException("the range has not been read to its end");
        }
        return List.of(new Checksum(algorithm, ChecksumType.FULL_OBJECT, checksumValue));
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
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (pieceAt == piece.length && !nextPiece()) {
                return -1;
            }
            int read = Math.min(length, piece.length - pieceAt);
            System.arraycopy(piece, pieceAt, bytes, offset, read);
            pieceAt += read;
            return read;
        }

        private boolean nextPiece() throws IOException {
            long left = range.lengthBytes() - taken;
            if (left == 0) {
                end();
                return false;
            }
            int size = (int) Math.min(left, PIECE_BYTES);
            ByteArrayOutputStream out = new ByteArrayOutputStream(size);
            try (ObjectReader reader = store.open(source, range.offset() + taken, size)) {
                reader.transferTo(out);
            }
            piece = out.toByteArray();
            if (piece.length != size) {
                throw new IOException(
                        "the store gave " + piece.length + " bytes of " + size + " of a range");
            }
            pieceAt = 0;
            taken += size;
            if (checksum != null) {
                checksum.update(piece, 0, size);
            }
            return true;
        }

        private void end() {
            if (checksum != null && checksumValue == null) {
                checksumValue = Base64.getEncoder().encodeToString(checksum.value());
            }
        }
    }
}
