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
 */
public record Attributes(SortedMap<String, String> headers, SortedMap<String, String> metadata) {
    public static final Attributes NONE =
            new Attributes(Collections.emptySortedMap(), Collections.emptySortedMap());

    public Attributes {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    }
}
