package io.varve.projections.namespace;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An account at one moment. One that nothing was said about and that owns nothing is all zero.
 *
 * @param objectCount current objects in its buckets (delete markers and noncurrent versions not
 *     counted)
 * @param sizeBytes bytes of the current objects and of noncurrent versions
 */
public record Account(
        String name,
        SortedMap<String, String> settings,
        long bucketCount,
        long objectCount,
        long sizeBytes) {
    public Account {
        settings = Collections.unmodifiableSortedMap(settings);
    }

    static Account empty(String name) {
        return new Account(name, new TreeMap<>(), 0, 0, 0);
    }

    boolean isEmpty() {
        return settings.isEmpty() && bucketCount == 0 && objectCount == 0 && sizeBytes == 0;
    }
}
