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
    private long versionBytes;
    private long uploadCount;

    BucketState(BucketRow row, AccountState account) {
        this.account = account;
        origin = row.bucket();
        settings = new SettingsState(origin.settings());
        versioning = origin.versioning();
        objectCount = origin.objectCount();
        sizeBytes = origin.sizeBytes();
        versionCount = row.versionCount();
        versionBytes = origin.versionBytes();
        uploadCount = row.uploadCount();
    }

    long id() {
        return origin.id();
    }

    String storedName() {
        return origin.storedName();
    }

    /** Under which a bucket of the same owner and this name is stored. */
    String storedNameOf(String other) {
        return origin.isNamedByAccount() ? Bucket.storedName(owner(), other) : other;
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

    /**
     * Whether the quotas let an object take the place of the current one. What is kept of what was
     * before counts too.
     */
    boolean allows(@Nullable VersionRow current, long nextSizeBytes) {
        long addedBytes = nextSizeBytes - (current == null ? 0 : freedBytes(current));
        long before = sizeBytes + versionBytes;
        return settings.allowsBytes(before, before + addedBytes)
                && (current != null || allowsOneMore())
                && account.allowsBytes(addedBytes);
    }

    private long freedBytes(VersionRow current) {
        boolean freed =
                switch (versioning) {
                    case OFF -> !Archive.serves(this);
                    case ENABLED -> false;
                    case SUSPENDED -> current.nullVersion();
                };
        return freed ? current.sizeBytes() : 0;
    }

    boolean allowsOneMore() {
        return settings.allowsObjects(objectCount, objectCount + 1);
    }

    void addNoncurrent(VersionRow row) {
        versionCount++;
        versionBytes += row.sizeBytes();
        account.addBytes(row.sizeBytes());
    }

    void removeNoncurrent(VersionRow row) {
        versionCount = reduce("versionCount", versionCount);
        versionBytes -= row.sizeBytes();
        account.removeBytes(row.sizeBytes());
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
                        settings.all(),
                        versionBytes);
        return new BucketRow(bucket, versionCount, uploadCount);
    }
}
