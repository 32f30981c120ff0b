package io.varve.devices;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A pool that tells how whole it is, and brings its blobs to where they belong by itself: after a
 * change of the map, and to devices that are back or were replaced. Thread: any.
 */
public interface TendedPool extends BlobPool {
    /** Its number, which the ids of its blobs carry. */
    int poolId();

    /** How whole the pool is at this moment. */
    PoolHealth health();

    /** How much it holds and can hold, reckoned from the placement and the room of its devices. */
    PoolCapacity capacity();

    /**
     * Keeps blobs so from now on. What is there gets more copies when more are wanted and the
     * placement names devices for them, and loses those that are too many.
     *
     * @param redundancy of the kind of before; of shards only the minimum may be another
     * @param maxCopiedBytes in a pool of shards, up to that length new blobs are kept as whole
     *     copies
     * @throws IllegalArgumentException when what is there cannot be kept so
     */
    void keep(Redundancy redundancy, int maxCopiedBytes);

    /** How far backfill is, which brings blobs to where they belong in the background. */
    BackfillProgress backfill();

    /** Changes the pace of backfill, or has it wait. */
    void pace(BackfillPace pace);

    /**
     * Compares what should exist with what the devices hold, on the caller's thread. A blob that
     * should not exist is dropped once audits have found it so for the grace time; one that lacks a
     * copy is repaired; one that no device has is reported.
     */
    default AuditReport audit(WantedBlobs wanted, Duration grace) {
        return audit(wanted, grace, AuditMark.BEGINNING, mark -> {});
    }

    /**
     * The same, from where another one was cut off. Only while no device has missed deletes: what
     * devices hold counts as looked at then, though a part of it was looked at before.
     *
     * @param keep is told how far it is, now and then
     */
    AuditReport audit(WantedBlobs wanted, Duration grace, AuditMark from, Consumer<AuditMark> keep);

    /** How much of the audit under way is done, from 0 to 1; 1 when none is. */
    double auditProgress();

    /**
     * Devices that missed deletes while they were away, are up, and were not audited since: what
     * only they have of the pool is not copied to others before.
     */
    Set<Integer> unvettedDevices();

    /**
     * Devices of which the last audit has found, or left, nothing that should not exist, with how
     * many deletes they had missed before it.
     */
    Map<Integer, Long> cleanDevices();

    /** How far the scrub of each device is that goes on by itself. */
    List<ScrubProgress> scrubs();
}
