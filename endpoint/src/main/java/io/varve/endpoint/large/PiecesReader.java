package io.varve.endpoint.large;

import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Pieces one after another. The first is opened at once, each other when it is due. */
final class PiecesReader implements ObjectReader {
    private final ObjectStore store;
    private final List<Piece> pieces;
    private final long lengthBytes;
    private @Nullable ObjectReader open;

    PiecesReader(ObjectStore store, List<Piece> pieces) {
        this.store = store;
        this.pieces = pieces;
        this.lengthBytes = pieces.stream().mapToLong(Piece::lengthBytes).sum();
        if (!pieces.isEmpty() && pieces.getFirst() instanceof Piece.OfVersion first) {
            open = open(first);
        }
    }

    private ObjectReader open(Piece.OfVersion piece) {
        return store.open(piece.version(), piece.offset(), piece.lengthBytes());
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Inline(byte[] bytes, int offset, int length) ->
                        out.write(bytes, offset, length);
                case Piece.OfVersion stored -> {
                    ObjectReader reader = open == null ? open(stored) : open;
                    open = reader;
                    reader.transferTo(out);
                    close();
                }
            }
        }
    }

    @Override
    public void close() {
        ObjectReader reader = open;
        open = null;
        if (reader != null) {
            reader.close();
        }
    }
}
