package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

/** A bucket while records are applied to it. Single-threaded: owned by the fold. */
final class BucketState {
    private final Bucket origin;
    private Versioning versioning;
    private long objectCount;
    private long sizeBytes;
    private long versionCount;
    private long uploadCount;

    BucketState(BucketRow row) {
        origin = row.bucket();
        versioning = origin.versioning();
        objectCount = origin.objectCount();
        sizeBytes = origin.sizeBytes();
        versionCount = row.versionCount();
        uploadCount = row.uploadCount();
    }

    long id() {
        return origin.id();
    }

    String name() {
        return origin.name();
    }

    String owner() {
        return origin.owner();
    }

    Versioning versioning() {
        return versioning;
    }

    void setVersioning(Versioning next) {
        versioning = next;
    }

    void addCurrent(VersionRow row) {
        objectCount++;
        sizeBytes += row.sizeBytes();
    }

    void removeCurrent(VersionRow row) {
        objectCount = reduce("objectCount", objectCount);
        sizeBytes -= row.sizeBytes();
    }

    void addNoncurrent() {
        versionCount++;
    }

    void removeNoncurrent() {
        versionCount = reduce("versionCount", versionCount);
    }

    void addUpload() {
        uploadCount++;
    }

    void removeUpload() {
        uploadCount = reduce("uploadCount", uploadCount);
    }

    private long reduce(String name, long count) {
        if (count <= 0) {
            throw new IllegalStateException(name + " below zero: bucket=" + id());
        }
        return count - 1;
    }

    boolean hasVersions() {
        return objectCount + versionCount > 0;
    }

    BucketRow toRow() {
        Bucket bucket =
                new Bucket(
                        id(),
                        name(),
                        owner(),
                        origin.createdMicros(),
                        versioning,
                        objectCount,
                        sizeBytes);
        return new BucketRow(bucket, versionCount, uploadCount);
    }
}
