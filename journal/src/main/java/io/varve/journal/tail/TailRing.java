package io.varve.journal.tail;

import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The last durable records, for readers that are near the end: they get them as objects right after
 * the sync instead of reading them back. Bounded by count and by encoded bytes. One thread adds;
 * any thread reads, and finds either the record of that position or nothing.
 */
public final class TailRing {
    private final AtomicReferenceArray<@Nullable JournalRecord> slots;
    private final int[] sizes;
    private final int mask;
    private final long maxBytes;

    private long bytes;
    private long oldest;
    private long next;

    public TailRing(int maxRecords, long maxBytes, long nextPosition) {
        int capacity = Integer.highestOneBit(Math.max(1, maxRecords));
        this.slots = new AtomicReferenceArray<>(capacity);
        this.sizes = new int[capacity];
        this.mask = capacity - 1;
        this.maxBytes = maxBytes;
        this.oldest = nextPosition;
        this.next = nextPosition;
    }

    /** Positions must be added without a gap. */
    public void add(JournalRecord record, int encodedBytes) {
        if (record.position() != next) {
            throw new IllegalStateException(
                    "record out of order: position=%d, expected=%d"
                            .formatted(record.position(), next));
        }
        if (next - oldest == slots.length()) {
            evictOldest();
        }
        int slot = (int) next & mask;
        slots.setRelease(slot, record);
        sizes[slot] = encodedBytes;
        bytes += encodedBytes;
        next++;
        while (bytes > maxBytes && oldest < next) {
            evictOldest();
        }
    }

    private void evictOldest() {
        int slot = (int) oldest & mask;
        slots.setRelease(slot, null);
        bytes -= sizes[slot];
        oldest++;
    }

    /** The record at a position, or null when it is not kept (any more). */
    public @Nullable JournalRecord at(long position) {
        JournalRecord record = slots.getAcquire((int) position & mask);
        return record != null && record.position() == position ? record : null;
    }
}
