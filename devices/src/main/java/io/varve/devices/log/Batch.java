package io.varve.devices.log;

import org.agrona.collections.ObjectHashSet;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What one duty cycle of the agent has in hand. The lists belong to the agent; {@link #members} is
 * set before the cycle's first I/O and may be read by whoever takes the batch over from it.
 */
final class Batch {
    private static final LogRequest[] NONE = {};

    /** Taken from the queue and not dealt with yet. */
    final ArrayDeque<LogRequest> waiting = new ArrayDeque<>();

    /** Records laid into the open segment, those of one request next to each other. */
    final List<Appended> appended = new ArrayList<>();

    /** Requests that asked for what was so already. */
    final List<LogRequest> unchanged = new ArrayList<>();

    /** Requests for which there is no room. */
    final List<LogRequest> refused = new ArrayList<>();

    private final ObjectHashSet<Key> touched = new ObjectHashSet<>();
    private long bytes;
    private volatile LogRequest[] members = NONE;
    private volatile long startedNanos;

    private record Key(long high, long low) {}

    /**
     * A record in the batch, and what it means once it is on media.
     *
     * @param rawDeletedIn the segment that the deleted or replaced record is in, 0 = none; of a
     *     tombstone as it is written
     */
    record Appended(
            LogRequest request,
            boolean tombstone,
            long number,
            long offset,
            int shape,
            long rawDeletedIn) {
        long deletedIn() {
            return rawDeletedIn & ~RecordHead.COPY_ONLY;
        }
    }

    void start(long nowNanos) {
        startedNanos = nowNanos;
        members = waiting.toArray(NONE);
    }

    long startedNanos() {
        return startedNanos;
    }

    /** All requests that this cycle may complete. */
    LogRequest[] members() {
        return members;
    }

    long bytes() {
        return bytes;
    }

    void add(Appended record, int recordBytes) {
        appended.add(record);
        bytes += recordBytes;
    }

    boolean touches(LogRequest request) {
        return touched.contains(new Key(request.idHigh, request.idLow));
    }

    void touch(LogRequest request) {
        touched.add(new Key(request.idHigh, request.idLow));
    }

    /** Forgets all but what waits. */
    void clear() {
        appended.clear();
        unchanged.clear();
        refused.clear();
        touched.clear();
        bytes = 0;
        members = NONE;
    }
}
