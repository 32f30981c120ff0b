package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where the bytes of versions are that were found a moment ago: whoever finds a version mostly asks
 * for its manifest next, and both are in one row. What a record made or revised never changes, so
 * an entry is never wrong, only replaced. Safe for many threads.
 */
final class ContentCache {
    private static final int SLOT_COUNT = 4096;

    private final AtomicReferenceArray<@Nullable Entry> slots =
            new AtomicReferenceArray<>(SLOT_COUNT);

    private record Entry(long position, long revision, Content content) {}

    void put(VersionRow row) {
        slots.set(
                (int) (row.position() & (SLOT_COUNT - 1)),
                new Entry(row.position(), row.revision(), row.content()));
    }

    @Nullable Content get(ObjectVersion version) {
        Entry entry = slots.get((int) (version.position() & (SLOT_COUNT - 1)));
        return entry != null
                        && entry.position() == version.position()
                        && entry.revision() == version.revision()
                ? entry.content()
                : null;
    }
}
