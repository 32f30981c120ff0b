package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

import org.jspecify.annotations.Nullable;

/** A bucket while records are applied to it. Single-threaded: owned by the fold. */
final class BucketState {
    private final Bucket origin;
    private final AccountState account;
    private final SettingsState settings;
    private Versioning versioning;
    private long objectCount;
    private long sizeBytes;
    private long versionCount;
    private long uploadCount;

    BucketState(BucketRow row, AccountState account) {
        this.account = account;
        origin = row.bucket();
        settings = new SettingsState(origin.settings());
        versioning = origin.versioning();
        objectCount = origin.objectCount();
        sizeBytes = origin.sizeBytes();
        versionCount = row.versionCount();
        uploadCount = row.uploadCount();
    }

    long id() {
        return origin.id();
    }

    String storedName() {
        return origin.storedName();
    }

    String owner() {
        return origin.owner();
    }

    AccountState account() {
        return account;
    }

    SettingsState settings() {
        return settings;
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
        account.addObject(row.sizeBytes());
    }

    void removeCurrent(VersionRow row) {
        objectCount = reduce("objectCount", objectCount);
        sizeBytes -= row.sizeBytes();
        account.removeObject(row.sizeBytes());
    }

    /** Whether the quotas let an object take the place of the current one. */
    boolean allows(@Nullable VersionRow current, long nextSizeBytes) {
        long addedBytes = nextSizeBytes - (current == null ? 0 : current.sizeBytes());
        long addedObjects = current == null ? 1 : 0;
        return settings.allowsBytes(sizeBytes, sizeBytes + addedBytes)
                && settings.allowsObjects(objectCount, objectCount + addedObjects)
                && account.allowsBytes(addedBytes);
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
                        storedName(),
                        owner(),
                        origin.createdMicros(),
                        versioning,
                        objectCount,
                        sizeBytes,
                        settings.all());
        return new BucketRow(bucket, versionCount, uploadCount);
    }
}
