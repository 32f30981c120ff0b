package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

/**
 * A bucket at one moment.
 *
 * @param id the position of the record that created it
 * @param owner the account that owns it
 * @param createdMicros record time of its creation
 * @param objectCount current objects (delete markers and noncurrent versions not counted)
 * @param sizeBytes bytes of the current objects
 */
public record Bucket(
        long id,
        String name,
        String owner,
        long createdMicros,
        Versioning versioning,
        long objectCount,
        long sizeBytes) {}
