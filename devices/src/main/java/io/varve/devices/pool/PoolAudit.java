package io.varve.devices.pool;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.devices.WantedBlobs;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Compares what should exist with what the devices hold, both ways. One audit at a time, on the
 * caller's thread.
 *
 * <p>What the devices hold is looked at first and what should exist after it: so a blob that is
 * held, and named before it was looked for, is never taken for a leftover. One that is on its way
 * to be named is, until its grace time is over. The time is taken by a clock that does not jump,
 * from when an audit first saw the leftover, and begins anew with a restart: no jump of the time of
 * day, and no id with a wrong time in it, can have a blob dropped early.
 *
 * <p>Memory: rounds over parts of the blobs, each round with about as many copies as {@link
 * #ROUND_BLOBS} says, and one look at all that should exist.
 */
final class PoolAudit {
    static final long ROUND_BLOBS = 250_000;

    /** Leftovers beyond this are remembered by the next audit. */
    private static final int MAX_SUSPECTS = 1_000_000;

    private final int poolId;
    private final AuditSource source;
    private final Function<BlobId, Boolean> drop;
    private final CopyTrust trust;
    private final LongSupplier nanoClock;
    private final long roundBlobs;
    private final Map<BlobId, Long> suspectSince = new HashMap<>();
    private volatile long lostBlobs;
    private volatile double progress = 1;

    /** Counts of one audit. */
    private static final class Tally {
        long held;
        long leftovers;
        long dropped;
        long owed;
        long unreachable;
        long lost;
        final List<BlobId> named;

        Tally(AuditReport before) {
            held = before.heldBlobs();
            leftovers = before.leftovers();
            dropped = before.droppedLeftovers();
            owed = before.repairsOwed();
            unreachable = before.unreachable();
            lost = before.lost();
            named = new ArrayList<>(before.lostBlobs());
        }

        AuditReport report() {
            return new AuditReport(held, leftovers, dropped, owed, unreachable, lost, named);
        }
    }

    /**
     * @param drop deletes a blob everywhere; returns whether it could
     * @param trust learns which devices were looked at, and what should not be on them
     * @param roundBlobs how many copies a round is to have
     */
    PoolAudit(
            int poolId,
            AuditSource source,
            Function<BlobId, Boolean> drop,
            CopyTrust trust,
            LongSupplier nanoClock,
            long roundBlobs) {
        this.roundBlobs = roundBlobs;
        this.trust = trust;
        this.poolId = poolId;
        this.source = source;
        this.drop = drop;
        this.nanoClock = nanoClock;
    }

    /** What the last audit found lost. */
    long lostBlobs() {
        return lostBlobs;
    }

    /** How much of the audit under way is done, from 0 to 1; 1 when none is. */
    double progress() {
        return progress;
    }

    synchronized AuditReport run(
            WantedBlobs wanted, Duration grace, AuditMark from, Consumer<AuditMark> keep) {
        try {
            boolean fits = from.partsDone() < PoolCensus.partCount();
            return audit(wanted, grace, fits ? from : AuditMark.BEGINNING, keep);
        } finally {
            progress = 1;
        }
    }

    private AuditReport audit(
            WantedBlobs wanted, Duration grace, AuditMark mark, Consumer<AuditMark> keep) {
        Map<BlobDevice, Long> before = trust.beforeAudit();
        Tally tally = new Tally(mark.soFar());
        Set<BlobId> stillSuspect = new HashSet<>();
        int parts = PoolCensus.partCount();
        int partsPerRound = partsPerRound();
        for (int from = mark.partsDone(); from < parts; from += partsPerRound) {
            progress = (double) from / parts;
            int to = Math.min(parts, from + partsPerRound);
            round(from, to, wanted, grace, tally, stillSuspect);
            if (to < parts) {
                keep.accept(new AuditMark(to, tally.report()));
            }
        }
        suspectSince.keySet().retainAll(stillSuspect);
        trust.audited(before, stillSuspect);
        lostBlobs = tally.lost;
        return tally.report();
    }

    private int partsPerRound() {
        long rounds = source.copies() / roundBlobs + 1;
        return (int) Math.max(1, PoolCensus.partCount() / rounds);
    }

    private void round(
            int from,
            int to,
            WantedBlobs wanted,
            Duration grace,
            Tally tally,
            Set<BlobId> stillSuspect) {
        Map<BlobId, AuditSource.Held> held = source.held(from, to);
        tally.held += held.size();
        Set<BlobId> missing = new HashSet<>();
        Set<BlobId> named = new HashSet<>();
        Set<BlobId> tolerated = new HashSet<>();
        wanted.forEach(
                id -> {
                    int part = DeviceLog.partOf(id);
                    if (part < from || part >= to || id.poolId() != poolId || !named.add(id)) {
                        return;
                    }
                    AuditSource.Held holding = held.get(id);
                    if (holding == null || !holding.reachable()) {
                        missing.add(id);
                    } else {
                        tally.owed += holding.atHome() ? 0 : 1;
                    }
                },
                id -> {
                    if (held.containsKey(id)) {
                        tolerated.add(id);
                    }
                });
        held.keySet().removeAll(named);
        held.keySet().removeAll(tolerated);
        dealWithLeftovers(held.keySet(), grace, tally, stillSuspect);
        if (!missing.isEmpty()) {
            dealWithMissing(missing, wanted, tally);
        }
    }

    private void dealWithLeftovers(
            Collection<BlobId> leftovers, Duration grace, Tally tally, Set<BlobId> stillSuspect) {
        long now = nanoClock.getAsLong();
        for (BlobId id : leftovers) {
            if (!source.isHeld(id)) {
                // Dropped, by whoever does that, since it was listed.
                continue;
            }
            tally.leftovers++;
            Long since = suspectSince.get(id);
            if (since == null && suspectSince.size() < MAX_SUSPECTS) {
                suspectSince.put(id, now);
                since = now;
            }
            boolean due = since != null && now - since >= grace.toNanos();
            if (due && drops(id)) {
                tally.dropped++;
            } else {
                stillSuspect.add(id);
            }
        }
    }

    private boolean drops(BlobId id) {
        try {
            return drop.apply(id);
        } catch (CompletionException e) {
            // A device failed under it: the next audit tries again.
            return false;
        }
    }

    /** Those count that are still wanted now: others were deleted since they were shown. */
    private void dealWithMissing(Set<BlobId> missing, WantedBlobs wanted, Tally tally) {
        missing.removeIf(source::isReachable);
        Set<BlobId> stillWanted = new HashSet<>();
        wanted.forEach(
                id -> {
                    if (missing.contains(id)) {
                        stillWanted.add(id);
                    }
                });
        boolean allUp = source.allUp();
        for (BlobId id : stillWanted) {
            if (!allUp || source.isAnywhere(id)) {
                tally.unreachable++;
                continue;
            }
            tally.lost++;
            if (tally.named.size() < AuditReport.MAX_NAMED) {
                tally.named.add(id);
            }
        }
    }
}
