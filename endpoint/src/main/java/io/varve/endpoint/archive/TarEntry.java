package io.varve.endpoint.archive;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One member of a tar archive.
 *
 * @param name as far as it is UTF-8; what is not stands there as U+FFFD
 * @param attributes what pax headers say of it besides name and size, by their own keywords
 */
public record TarEntry(String name, Kind kind, long sizeBytes, Map<String, String> attributes) {
    /** What a member is. */
    public enum Kind {
        FILE,
        /** A file of which the archive holds a part only: not unpacked here. */
        SPARSE,
        /** A directory, a link, a device: nothing that has content. */
        OTHER
    }

    public TarEntry {
        attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
    }
}
