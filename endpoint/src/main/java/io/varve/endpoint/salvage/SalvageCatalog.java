package io.varve.endpoint.salvage;

import io.varve.devices.BlobId;
import io.varve.devices.FoundBlob;
import io.varve.devices.pool.BlobSalvage;
import io.varve.endpoint.store.OwnerTag;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The objects that the blobs on the devices are pieces of. Single-threaded; holds all of them in
 * memory.
 */
public final class SalvageCatalog {
    private final Map<Long, Map<String, SalvagedObject>> buckets = new TreeMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private long blobCount;
    private long strangeCount;

    private SalvageCatalog() {}

    /** Reads what every blob says of itself. */
    public static SalvageCatalog of(BlobSalvage devices) {
        SalvageCatalog catalog = new SalvageCatalog();
        devices.list(catalog.new Collector());
        return catalog;
    }

    private final class Collector implements BlobSalvage.Visitor {
        @Override
        public void found(FoundBlob blob) {
            OwnerTag tag = OwnerTag.parse(blob.ownerTag());
            if (tag == null) {
                strangeCount++;
                return;
            }
            blobCount++;
            buckets.computeIfAbsent(tag.bucketId(), id -> new TreeMap<>())
                    .computeIfAbsent(tag.key(), key -> new SalvagedObject(tag.bucketId(), key))
                    .body(tag)
                    .add(tag, blob);
        }

        @Override
        public void unreadable(BlobId id, String reason) {
            unreadable.add(reason);
        }
    }

    /** By bucket id and key. */
    Map<Long, Map<String, SalvagedObject>> buckets() {
        return buckets;
    }

    /** Blobs that are pieces of objects. */
    public long blobCount() {
        return blobCount;
    }

    /** Blobs whose tag says nothing that is known. */
    public long strangeCount() {
        return strangeCount;
    }

    /** Blobs of which nothing can be read any more, and why. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }
}
