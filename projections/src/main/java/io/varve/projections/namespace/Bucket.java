package io.varve.projections.namespace;

import io.varve.journal.record.Versioning;

import java.util.Collections;
import java.util.SortedMap;

/**
 * A bucket at one moment.
 *
 * @param id the position of the record that created it
 * @param storedName unique within the site: the name, or for a name that only its account has the
 *     account, a slash and the name
 * @param owner the account that owns it
 * @param createdMicros record time of its creation
 * @param objectCount current objects (delete markers and noncurrent versions not counted)
 * @param sizeBytes bytes of the current objects
 * @param settings what protocols keep about it, by name; never changed in place
 * @param versionBytes bytes of the noncurrent versions
 */
public record Bucket(
        long id,
        String storedName,
        String owner,
        long createdMicros,
        Versioning versioning,
        long objectCount,
        long sizeBytes,
        SortedMap<String, String> settings,
        long versionBytes) {
    private static final char ACCOUNT_END = '/';

    public Bucket {
        settings = Collections.unmodifiableSortedMap(settings);
    }

    /** A bucket without settings. */
    public Bucket(
            long id,
            String storedName,
            String owner,
            long createdMicros,
            Versioning versioning,
            long objectCount,
            long sizeBytes) {
        this(
                id,
                storedName,
                owner,
                createdMicros,
                versioning,
                objectCount,
                sizeBytes,
                Collections.emptySortedMap());
    }

    /** Under which the site stores a bucket whose name only its account has. */
    public static String storedName(String owner, String name) {
        return owner + ACCOUNT_END + name;
    }

    /** The name by which its owner knows it. No name has a slash in it. */
    public String name() {
        return plainName(owner, storedName);
    }

    /** Whether other accounts may have a bucket of the same name. */
    public boolean isNamedByAccount() {
        return storedName.length() != name().length();
    }

    static String plainName(String owner, String storedName) {
        int length = owner.length();
        return storedName.startsWith(owner)
                        && storedName.length() > length + 1
                        && storedName.charAt(length) == ACCOUNT_END
                ? storedName.substring(length + 1)
                : storedName;
    }

    /** A bucket without noncurrent versions. */
    public Bucket(
            long id,
            String storedName,
            String owner,
            long createdMicros,
            Versioning versioning,
            long objectCount,
            long sizeBytes,
            SortedMap<String, String> settings) {
        this(id, storedName, owner, createdMicros, versioning, objectCount, sizeBytes, settings, 0);
    }
}
