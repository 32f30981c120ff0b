package io.varve.projections.namespace;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where the bytes of versions are that were found a moment ago: whoever finds a version mostly asks
 * for its manifest next, and both are in one row. What a record made never changes, so an entry is
 * never wrong, only replaced. Safe for many threads.
 */
final class ContentCache {
    private static final int SLOT_COUNT = 4096;

    private final AtomicReferenceArray<@Nullable Entry> slots =
            new AtomicReferenceArray<>(SLOT_COUNT);

    private record Entry(long position, Content content) {}

    void put(long position, Content content) {
        slots.set((int) (position & (SLOT_COUNT - 1)), new Entry(position, content));
    }

    @Nullable Content get(long position) {
        Entry entry = slots.get((int) (position & (SLOT_COUNT - 1)));
        return entry != null && entry.position() == position ? entry.content() : null;
    }
}
