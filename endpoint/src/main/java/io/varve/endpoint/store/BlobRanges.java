package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Part;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The blobs that a range of a version lies in, in order. Of an object made of parts only the
 * manifests of parts within the range are loaded, one at a time. Owned by one thread.
 */
final class BlobRanges implements Iterator<BlobRange> {
    private final NamespaceView view;
    private final ObjectVersion version;
    private final List<Part> parts;
    private int nextPart;

    private List<BlobRef> blobs = List.of();
    private int nextBlob;

    /** Bytes to skip from the start of the next blob on, through as many blobs as it takes. */
    private long skipBytes;

    private long remainingBytes;

    BlobRanges(NamespaceView view, ObjectVersion version, long offset, long lengthBytes) {
        if (offset < 0 || lengthBytes < 0 || offset > version.sizeBytes() - lengthBytes) {
            throw new IllegalArgumentException(
                    "range outside of its version: offset=%d, length=%d, size=%d"
                            .formatted(offset, lengthBytes, version.sizeBytes()));
        }
        this.view = view;
        this.version = version;
        this.skipBytes = offset;
        this.remainingBytes = lengthBytes;
        if (lengthBytes == 0) {
            parts = List.of();
        } else if (version.partCount() == 0) {
            parts = List.of();
            blobs = orGone(view.manifest(version)).blobs();
        } else {
            parts = view.parts(version);
            while (nextPart < parts.size() && parts.get(nextPart).sizeBytes() <= skipBytes) {
                skipBytes -= parts.get(nextPart++).sizeBytes();
            }
        }
    }

    @Override
    public boolean hasNext() {
        return remainingBytes > 0;
    }

    @Override
    public BlobRange next() {
        if (remainingBytes == 0) {
            throw new NoSuchElementException("end of the range");
        }
        while (true) {
            if (nextBlob == blobs.size()) {
                loadPart();
                continue;
            }
            BlobRef blob = blobs.get(nextBlob++);
            if (skipBytes >= blob.lengthBytes()) {
                skipBytes -= blob.lengthBytes();
                continue;
            }
            int offset = (int) skipBytes;
            int length = (int) Math.min(remainingBytes, blob.lengthBytes() - offset);
            skipBytes = 0;
            remainingBytes -= length;
            return new BlobRange(blob, offset, length);
        }
    }

    private void loadPart() {
        if (nextPart == parts.size()) {
            throw gone();
        }
        int number = parts.get(nextPart++).partNumber();
        blobs = orGone(view.part(version, number)).blobs();
        nextBlob = 0;
    }

    private Manifest orGone(Optional<Manifest> manifest) {
        return manifest.orElseThrow(this::gone);
    }

    /**
     * A version whose history has been forgotten between the look-up and now, or while it was read
     * for longer than the window: the client may ask again and will be told what is there now.
     */
    private StoreException gone() {
        return new StoreException(
                Category.UNAVAILABLE,
                "version went away while it was read: bucket=%d, position=%d"
                        .formatted(version.bucketId(), version.position()));
    }
}
