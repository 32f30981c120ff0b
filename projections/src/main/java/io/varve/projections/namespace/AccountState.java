package io.varve.projections.namespace;

/** An account while records are applied to it. Single-threaded: owned by the fold. */
final class AccountState {
    private final String name;
    private final SettingsState settings;
    private long bucketCount;
    private long objectCount;
    private long sizeBytes;

    AccountState(Account account) {
        name = account.name();
        settings = new SettingsState(account.settings());
        bucketCount = account.bucketCount();
        objectCount = account.objectCount();
        sizeBytes = account.sizeBytes();
    }

    String name() {
        return name;
    }

    SettingsState settings() {
        return settings;
    }

    void addBucket() {
        bucketCount++;
    }

    void removeBucket() {
        bucketCount = reduce("bucketCount", bucketCount, 1);
    }

    void addObject(long objectSizeBytes) {
        objectCount++;
        sizeBytes += objectSizeBytes;
    }

    void removeObject(long objectSizeBytes) {
        objectCount = reduce("objectCount", objectCount, 1);
        sizeBytes = reduce("sizeBytes", sizeBytes, objectSizeBytes);
    }

    /** Of a version that is not current. */
    void addBytes(long versionSizeBytes) {
        sizeBytes += versionSizeBytes;
    }

    void removeBytes(long versionSizeBytes) {
        sizeBytes = reduce("sizeBytes", sizeBytes, versionSizeBytes);
    }

    private long reduce(String what, long count, long by) {
        if (count < by) {
            throw new IllegalStateException(what + " below zero: account=" + name);
        }
        return count - by;
    }

    boolean allowsBytes(long added) {
        return settings.allowsBytes(sizeBytes, sizeBytes + added);
    }

    Account toAccount() {
        return new Account(name, settings.all(), bucketCount, objectCount, sizeBytes);
    }
}
