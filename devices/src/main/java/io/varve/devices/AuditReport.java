package io.varve.devices;

import java.util.List;

/**
 * What an audit found: what should exist compared with what devices hold, both ways.
 *
 * @param heldBlobs blobs that devices hold
 * @param leftovers of those, blobs that should not exist; dropped once they were leftovers for the
 *     grace time
 * @param droppedLeftovers leftovers that were dropped now
 * @param repairsOwed blobs that lack a copy where they belong, or have one too many; backfill sees
 *     to them
 * @param unreachable blobs that should exist and are on no device that is up, while devices are
 *     away that may have them
 * @param lost how many blobs should exist and are on no device at all
 * @param lostBlobs the first of them
 */
public record AuditReport(
        long heldBlobs,
        long leftovers,
        long droppedLeftovers,
        long repairsOwed,
        long unreachable,
        long lost,
        List<BlobId> lostBlobs) {
    /** Most blobs that a report names. */
    public static final int MAX_NAMED = 10_000;

    public AuditReport {
        lostBlobs = List.copyOf(lostBlobs);
    }

    /** Whether the devices hold what they should and nothing else. */
    public boolean clean() {
        return leftovers == 0 && repairsOwed == 0 && unreachable == 0 && lost == 0;
    }
}
