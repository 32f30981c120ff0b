package io.varve.devices.pool;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Which devices missed a delete because they could not be asked: what they hold may have been
 * deleted. A blob that only such devices have is not copied to others before an audit has found
 * that it should exist; else what was deleted would come back with the device.
 *
 * <p>Durability: that a device missed one is on media before the delete completes, so it outlives a
 * restart. Only the first miss of a device costs a write. Safe for use by many threads.
 */
public final class MissedDeletes {
    private final Consumer<Set<Integer>> keeper;
    private final Map<Integer, Long> counts = new ConcurrentHashMap<>();

    /**
     * @param known those that had missed some when they were last kept
     * @param keeper brings to media which devices they are, or throws
     */
    public MissedDeletes(Set<Integer> known, Consumer<Set<Integer>> keeper) {
        this.keeper = keeper;
        known.forEach(device -> counts.put(device, 1L));
    }

    /** Kept in memory only. */
    public static MissedDeletes inMemory() {
        return new MissedDeletes(Set.of(), devices -> {});
    }

    /** On return it is on media that the device missed a delete. */
    void missed(int deviceId) {
        if (counts.computeIfPresent(deviceId, (id, count) -> count + 1) == null) {
            firstMiss(deviceId);
        }
    }

    private synchronized void firstMiss(int deviceId) {
        if (!counts.containsKey(deviceId)) {
            Set<Integer> next = devices();
            next.add(deviceId);
            keeper.accept(next);
        }
        counts.merge(deviceId, 1L, Long::sum);
    }

    /** Devices that missed some, as a set of the caller's own. */
    public Set<Integer> devices() {
        return new TreeSet<>(counts.keySet());
    }

    boolean none() {
        return counts.isEmpty();
    }

    /** How many a device missed in this process; 0 when none is known. */
    long count(int deviceId) {
        return counts.getOrDefault(deviceId, 0L);
    }

    /**
     * Says that a device holds nothing of what it missed up to that count.
     *
     * @return whether it has missed none since
     */
    synchronized boolean caughtUp(int deviceId, long count) {
        boolean same = count(deviceId) == count && counts.remove(deviceId, count);
        if (same) {
            keeper.accept(devices());
        }
        return same;
    }
}
