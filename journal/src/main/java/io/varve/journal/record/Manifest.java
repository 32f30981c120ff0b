package io.varve.journal.record;

import java.util.List;

/**
 * Where the bytes of an object or part are: blobs in order, none of them empty.
 *
 * @param pool the number of the storage pool that holds the blobs; 0 is the site's default pool
 */
public record Manifest(int pool, List<BlobRef> blobs) {
    public static final Manifest EMPTY = new Manifest(0, List.of());

    public Manifest {
        blobs = List.copyOf(blobs);
    }

    public long sizeBytes() {
        long size = 0;
        for (BlobRef blob : blobs) {
            size += blob.lengthBytes();
        }
        return size;
    }
}
