package io.varve.devices.pool;

import io.varve.devices.BackfillPace;
import io.varve.devices.BackfillProgress;
import io.varve.devices.BlobId;

import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Brings blobs to where they belong, by placement group, on a thread of its own: after a change of
 * the map, to a device that is back or was replaced, from devices that kept copies for another.
 *
 * <p>What there is to do follows from what the devices hold, so nothing is kept over a restart: a
 * group whose devices of home do not all hold the same, or of which others hold copies, is gone
 * through blob by blob. A group is looked at twice before that, since one that is being written to
 * looks uneven for moments; and not again until it has changed.
 */
final class Backfill implements AutoCloseable {
    private static final long LOOK_NANOS = 1_000_000_000;

    /** Blobs under way at once: they share the syncs of the devices. */
    private static final int WIDTH = 8;

    /** While requests are served a blob counts for so many. */
    private static final int BUSY_WEIGHT = 4;

    /** Failures rest so many looks, for instance until a full device has room. */
    private static final int REST_LOOKS = 10;

    private static final int MAX_ROUNDS = 10;
    private static final long BUSY_NANOS = 1_000_000;

    private final int poolId;
    private final PoolMembers members;
    private final BackfillWork work;
    private final Foreground foreground;
    private final Consumer<BlobId> owed;
    private final Predicate<BlobId> trusted;
    private final PoolCensus census;
    private final Throttle throttle;
    private final SpeedGauge speed = new SpeedGauge();
    private final LongAdder copiedBlobs = new LongAdder();
    private final LongAdder copiedBytes = new LongAdder();
    private final LongAdder droppedCopies = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder held = new LongAdder();
    private final Thread thread;
    private volatile boolean closing;
    private volatile BitSet seen = new BitSet();
    private long[] doneStates = {};
    private int restLooks;

    /**
     * @param owed is shown each blob before it is dealt with
     * @param trusted tells whether a blob may be dealt with already
     */
    Backfill(
            int poolId,
            BackfillPace pace,
            PoolMembers members,
            BackfillWork work,
            Foreground foreground,
            Consumer<BlobId> owed,
            Predicate<BlobId> trusted) {
        this.trusted = trusted;
        this.poolId = poolId;
        this.members = members;
        this.work = work;
        this.foreground = foreground;
        this.owed = owed;
        this.census = new PoolCensus(poolId, members);
        this.throttle = new Throttle(pace, foreground, () -> closing);
        this.thread = Thread.ofVirtual().name("varve-backfill-" + poolId).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Whether it has found the group uneven: then nobody else need see to its blobs. */
    boolean seesTo(int group) {
        return seen.get(group);
    }

    void pace(BackfillPace pace) {
        throttle.pace(pace);
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (!throttle.paused() && !closing && members.onDuty()) {
                look();
            }
        }
    }

    private boolean isToRest() {
        return closing || throttle.paused() || !members.onDuty();
    }

    private synchronized void look() {
        if (restLooks > 0) {
            restLooks--;
            return;
        }
        GroupView groups = new GroupView(poolId, members);
        BitSet due = due(groups);
        BitSet twice = (BitSet) due.clone();
        twice.and(seen);
        seen = due;
        if (!twice.isEmpty() && pass(groups, twice, this::isToRest) > 0) {
            restLooks = REST_LOOKS;
        }
    }

    /**
     * Goes on, paused or not, until nothing is left that can be done, or some rounds did not do;
     * returns how many blobs failed in the last one.
     */
    synchronized long settle() {
        long failed = 0;
        for (int round = 0; round < MAX_ROUNDS && failed == 0 && !closing; round++) {
            GroupView groups = new GroupView(poolId, members);
            BitSet due = due(groups);
            if (due.isEmpty()) {
                return 0;
            }
            failed = pass(groups, due, () -> closing);
        }
        return failed;
    }

    private BitSet due(GroupView groups) {
        int count = groups.placement().groupCount();
        if (doneStates.length != count) {
            doneStates = new long[count];
        }
        BitSet due = work.unsettled(groups);
        for (int group = due.nextSetBit(0); group >= 0; group = due.nextSetBit(group + 1)) {
            if (groups.workState(group) == doneStates[group]) {
                due.clear(group);
            }
        }
        return due;
    }

    /** Goes through the blobs of the groups once; returns how many failed or have to wait. */
    private long pass(GroupView before, BitSet groups, BooleanSupplier stopped) {
        long undoneBefore = undone();
        Semaphore room = new Semaphore(WIDTH);
        for (int part = 0; part < PoolCensus.partCount(); part++) {
            for (PoolCensus.Holding each : census.part(part, before.placement(), groups)) {
                if (stopped.getAsBoolean()
                        || members.placement().epoch() != before.placement().epoch()) {
                    room.acquireUninterruptibly(WIDTH);
                    return undone() - undoneBefore;
                }
                bringHome(each.blobId(), room);
            }
        }
        room.acquireUninterruptibly(WIDTH);
        long failed = undone() - undoneBefore;
        if (failed == 0) {
            GroupView after = new GroupView(poolId, members);
            for (int group = groups.nextSetBit(0);
                    group >= 0;
                    group = groups.nextSetBit(group + 1)) {
                doneStates[group] = after.workState(group);
            }
        }
        return failed;
    }

    private long undone() {
        return failures.sum() + held.sum();
    }

    private void bringHome(BlobId blobId, Semaphore room) {
        int weight = foreground.busy() ? BUSY_WEIGHT : 1;
        room.acquireUninterruptibly(weight);
        Thread.startVirtualThread(
                () -> {
                    try {
                        owed.accept(blobId);
                        if (trusted.test(blobId)) {
                            count(bringHome(blobId));
                        } else {
                            held.increment();
                        }
                    } catch (RuntimeException e) {
                        failures.increment();
                        throw e;
                    } finally {
                        room.release(weight);
                    }
                });
    }

    private BlobRepair.Homecoming bringHome(BlobId blobId) {
        BlobRepair.Homecoming done = work.bringHome(blobId, throttle);
        while (isBusy(done) && !closing) {
            LockSupport.parkNanos(this, BUSY_NANOS);
            done = work.bringHome(blobId, throttle);
        }
        return done;
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isBusy(BlobRepair.Homecoming done) {
        return done == BlobRepair.Homecoming.BUSY;
    }

    private void count(BlobRepair.Homecoming done) {
        copiedBlobs.add(done.copied());
        copiedBytes.add(done.copiedBytes());
        droppedCopies.add(done.dropped());
        failures.add(done.failures());
        speed.moved(done.copiedBytes());
    }

    BackfillProgress progress() {
        GroupView groups = new GroupView(poolId, members);
        BitSet unsettled = work.unsettled(groups);
        return new BackfillProgress(
                unsettled.cardinality(),
                work.lackingBytes(groups, unsettled),
                copiedBlobs.sum(),
                copiedBytes.sum(),
                droppedCopies.sum(),
                failures.sum(),
                speed.bytesPerSecond());
    }

    /** Returns when the blobs under way are done with, since the devices are closed next. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
