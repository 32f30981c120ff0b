package io.varve.projections.namespace;

import io.varve.journal.record.RequestId;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;

/**
 * The requests of the last records, so that a record appended twice applies once. Not stored: when
 * a view is opened they are read again from the journal's tail. Single-threaded: owned by the fold.
 */
final class RecentRequests {
    private final @Nullable RequestId[] ring;
    private final Map<RequestId, Long> lastPositions;

    RecentRequests(int count) {
        ring = new RequestId[count];
        lastPositions = HashMap.newHashMap(count);
    }

    /**
     * Takes the next record in, and with that lets go of the oldest.
     *
     * @return whether its request is that of one of the records before
     */
    boolean repeats(long position, RequestId request) {
        int slot = (int) (position % ring.length);
        RequestId oldest = ring[slot];
        if (oldest != null) {
            lastPositions.remove(oldest, position - ring.length);
        }
        ring[slot] = request;
        return lastPositions.put(request, position) != null;
    }
}
