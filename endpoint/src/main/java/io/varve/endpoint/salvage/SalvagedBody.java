package io.varve.endpoint.salvage;

import io.varve.devices.BlobId;
import io.varve.devices.FoundBlob;
import io.varve.endpoint.store.OwnerTag;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The blobs of one body: of an object, or of a part of an upload. Filled by one thread, then read.
 */
final class SalvagedBody {
    private final long writeId;
    private final int partNumber;
    private final Map<Long, Piece> pieces = new TreeMap<>();

    /**
     * Blobs with the same bytes of the body; usually one, more while a body was on its way to
     * another pool.
     */
    private record Piece(int lengthBytes, boolean last, List<BlobId> blobs) {}

    SalvagedBody(long writeId, int partNumber) {
        this.writeId = writeId;
        this.partNumber = partNumber;
    }

    void add(OwnerTag tag, FoundBlob blob) {
        pieces.computeIfAbsent(
                        tag.offset(),
                        at -> new Piece(tag.lengthBytes(), tag.last(), new ArrayList<>(1)))
                .blobs()
                .add(blob.id());
    }

    long writeId() {
        return writeId;
    }

    int partNumber() {
        return partNumber;
    }

    /** Of the pieces that are there. */
    long sizeBytes() {
        return pieces.values().stream().mapToLong(Piece::lengthBytes).sum();
    }

    /** What is missing; null when all is there. */
    @Nullable String gap() {
        long end = 0;
        boolean ended = false;
        for (Map.Entry<Long, Piece> piece : pieces.entrySet()) {
            if (piece.getKey() != end) {
                return "bytes %d to %d are missing".formatted(end, piece.getKey() - 1);
            }
            end += piece.getValue().lengthBytes();
            ended = piece.getValue().last();
        }
        return ended ? null : "what follows byte %d is missing".formatted(end - 1);
    }

    /** For each piece in order: the blobs, each of which has its bytes. */
    List<List<BlobId>> blobs() {
        return pieces.values().stream()
                .map(piece -> Collections.unmodifiableList(piece.blobs()))
                .toList();
    }
}
