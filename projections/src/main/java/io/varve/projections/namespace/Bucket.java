package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

import java.util.Collections;
import java.util.SortedMap;

/**
 * A bucket at one moment.
 *
 * @param id the position of the record that created it
 * @param owner the account that owns it
 * @param createdMicros record time of its creation
 * @param objectCount current objects (delete markers and noncurrent versions not counted)
 * @param sizeBytes bytes of the current objects
 * @param settings what protocols keep about it, by name; never changed in place
 */
public record Bucket(
        long id,
        String name,
        String owner,
        long createdMicros,
        Versioning versioning,
        long objectCount,
        long sizeBytes,
        SortedMap<String, String> settings) {
    public Bucket {
        settings = Collections.unmodifiableSortedMap(settings);
    }

    /** A bucket without settings. */
    public Bucket(
            long id,
            String name,
            String owner,
            long createdMicros,
            Versioning versioning,
            long objectCount,
            long sizeBytes) {
        this(
                id,
                name,
                owner,
                createdMicros,
                versioning,
                objectCount,
                sizeBytes,
                Collections.emptySortedMap());
    }
}
