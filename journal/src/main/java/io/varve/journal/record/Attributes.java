package io.varve.journal.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is said about an object besides its bytes.
 *
 * @param headers system headers by lower-case name ({@code content-type}, {@code cache-control},
 *     …), values as sent
 * @param metadata user metadata by lower-case name without any protocol's prefix, values in Unicode
 * @param settings neutral facts about the object that no client sends as such: {@link #EXPIRES},
 *     access lists, tags, what a large object is made of, where a link leads
 */
public record Attributes(
        SortedMap<String, String> headers,
        SortedMap<String, String> metadata,
        SortedMap<String, String> settings) {
    /**
     * The setting that says when the object expires, in decimal seconds since the epoch: from then
     * on it reads as absent, and is removed some time later.
     */
    public static final String EXPIRES = "expires";

    /** The setting that keeps an object's tags, which go along with a copy. */
    public static final String TAGS = "tags";

    /**
     * The setting of an object that came from another site: when it was written there, in decimal
     * microseconds since the epoch. It belongs to that one version, and does not go along with a
     * copy or a change.
     */
    public static final String ORIGIN = "origin";

    /**
     * The setting that names the pool in which an object's bytes are, unless it is the default one;
     * also of a bucket, whose objects have it when they say nothing else.
     */
    public static final String STORAGE_CLASS = "storage.class";

    public static final Attributes NONE =
            new Attributes(Collections.emptySortedMap(), Collections.emptySortedMap());

    public Attributes {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    public Attributes(SortedMap<String, String> headers, SortedMap<String, String> metadata) {
        this(headers, metadata, Collections.emptySortedMap());
    }

    /** The same headers and metadata with other settings. */
    public Attributes withSettings(SortedMap<String, String> other) {
        return new Attributes(headers, metadata, other);
    }
}
