package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.chronicle.MirrorLabel.Mark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Several mirrors, each with its own thread. A batch is committed when a majority of the configured
 * mirrors has synced it; a slower one goes on behind, within a bound. One that fails, or does not
 * get on for the configured time, is dropped and takes part again after the next start.
 */
final class MirrorGroup implements MirrorSet {
    /** How much a slow mirror may be behind before the writer waits for it. */
    private static final int BACKLOG_BATCHES = 8;

    /** How often, within the timeout, the mirrors are looked at while the writer waits. */
    private static final int SLICES = 10;

    /** When most mirrors stall at once it is the machine, which is given more time. */
    private static final long MACHINE_PATIENCE = 6;

    private final List<MirrorWorker> workers = new ArrayList<>();
    private final JournalLimits limits;
    private final int quorum;
    private final Consumer<JournalEvent> events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();

    /** Batches handed to the mirrors; the same for all that are left. */
    private long committed;

    /** Time for finding out who stalls; tests let it jump. */
    private final LongSupplier nanoClock;

    private long observedNanos;

    /** Whether so many stalled at the last look that they are not to blame. */
    private boolean machineStalls;

    MirrorGroup(List<Mirror> mirrors, JournalConfig config) {
        this(mirrors, config, System::nanoTime);
    }

    MirrorGroup(List<Mirror> mirrors, JournalConfig config, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.observedNanos = nanoClock.getAsLong();
        this.limits = config.limits();
        this.quorum = config.writeQuorum();
        this.events = config.events();
        for (Mirror mirror : mirrors) {
            workers.add(new MirrorWorker(mirror, limits, this::signal));
        }
    }

    private void signal() {
        lock.lock();
        try {
            progressed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void commit(FrameBatch batch) {
        observe();
        awaitBacklog();
        for (MirrorWorker worker : workers) {
            worker.write(batch);
        }
        long batches = ++committed;
        await(() -> completedBy(batches) >= quorum);
    }

    /** Waits for a mirror that is too far behind, as long as it gets on. */
    private void awaitBacklog() {
        long most = (long) BACKLOG_BATCHES * limits.maxBatchBytes();
        await(() -> workers.stream().allMatch(worker -> worker.backlogBytes() <= most));
    }

    private int completedBy(long batches) {
        int count = 0;
        for (MirrorWorker worker : workers) {
            if (worker.completedBatches() >= batches) {
                count++;
            }
        }
        return count;
    }

    private interface Goal {
        boolean isReached();
    }

    /** Waits for a goal, dropping mirrors that stand in the way for too long. */
    private void await(Goal goal) {
        lock.lock();
        try {
            while (true) {
                removeDropped();
                if (goal.isReached()) {
                    return;
                }
                progressed.await(sliceMs(), TimeUnit.MILLISECONDS);
                observe();
            }
        } catch (InterruptedException e) {
            throw new JournalException("journal writer was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private long sliceMs() {
        return Math.max(1, limits.mirrorTimeoutMs() / SLICES);
    }

    /**
     * Adds up for how long mirrors stall. What passed since the last look counts as a few slices at
     * the most, so that a process that was stopped for a while does not blame its mirrors. When the
     * machine stalled, those that get on a little later than the first have their time anew.
     */
    private void observe() {
        long now = nanoClock.getAsLong();
        long elapsed = Math.min(now - observedNanos, 2 * TimeUnit.MILLISECONDS.toNanos(sliceMs()));
        observedNanos = now;
        boolean progress = false;
        for (MirrorWorker worker : workers) {
            progress |= worker.observe(elapsed);
        }
        if (machineStalls && progress) {
            workers.forEach(MirrorWorker::forgetStall);
        }
        dropStalled();
    }

    /** A mirror is to blame when enough others get on in the time in which it does not. */
    private void dropStalled() {
        List<MirrorWorker> stalled = new ArrayList<>();
        long shortestMs = Long.MAX_VALUE;
        int getOn = 0;
        for (MirrorWorker worker : workers) {
            long stalledMs = worker.stalledMs();
            if (stalledMs >= limits.mirrorTimeoutMs()) {
                stalled.add(worker);
                shortestMs = Math.min(shortestMs, stalledMs);
            } else if (stalledMs < limits.mirrorTimeoutMs() / 2) {
                getOn++;
            }
        }
        machineStalls = getOn < quorum;
        if (!machineStalls || shortestMs >= MACHINE_PATIENCE * limits.mirrorTimeoutMs()) {
            for (MirrorWorker worker : stalled) {
                worker.drop("no progress for %d ms".formatted(worker.stalledMs()));
            }
        }
    }

    private void removeDropped() {
        for (MirrorWorker worker : List.copyOf(workers)) {
            if (worker.isDropped()) {
                workers.remove(worker);
                worker.mirror().drop();
                events.accept(
                        new JournalEvent.MirrorDropped(
                                worker.mirror().directory(),
                                worker.syncedPosition(),
                                worker.dropReason()));
            }
        }
        if (workers.size() < quorum) {
            throw new JournalException(
                    "too few mirrors are left to write to: %d, needed %d"
                            .formatted(workers.size(), quorum));
        }
    }

    @Override
    public boolean makeRoom(long bytes) {
        if (hasRoom(bytes)) {
            return true;
        }
        List<CountDownLatch> tries = new ArrayList<>();
        for (MirrorWorker worker : workers) {
            tries.add(worker.makeRoom(bytes + worker.backlogBytes()));
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limits.mirrorTimeoutMs());
        try {
            for (CountDownLatch done : tries) {
                if (!done.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
            }
        } catch (InterruptedException e) {
            throw new JournalException("journal writer was interrupted", e);
        }
        boolean enough = hasRoom(bytes);
        if (!enough) {
            for (MirrorWorker worker : workers) {
                events.accept(
                        new JournalEvent.SpaceExhausted(
                                worker.mirror().directory(), "room=" + worker.roomBytes()));
            }
        }
        return enough;
    }

    @Override
    public boolean hasRoom(long bytes) {
        int count = 0;
        for (MirrorWorker worker : workers) {
            if (worker.roomBytes() >= bytes) {
                count++;
            }
        }
        return count >= quorum;
    }

    @Override
    public boolean canStartCycle(long bytes) {
        int count = 0;
        for (MirrorWorker worker : workers) {
            if (worker.mirror().canStartCycle(bytes)) {
                count++;
            }
        }
        return count >= quorum;
    }

    @Override
    public long syncedEverywhere() {
        long least = Long.MAX_VALUE;
        for (MirrorWorker worker : workers) {
            least = Math.min(least, worker.syncedPosition());
        }
        return least;
    }

    @Override
    public void mark(Mark mark) {
        for (MirrorWorker worker : workers) {
            worker.writeMark(mark);
        }
    }

    @Override
    public void seal(Mark end) {
        for (MirrorWorker worker : workers) {
            worker.seal(end);
        }
        for (MirrorWorker worker : workers) {
            if (!worker.awaitEnd(limits.mirrorTimeoutMs())) {
                worker.drop("does not close");
            }
            if (worker.isDropped()) {
                events.accept(
                        new JournalEvent.MirrorDropped(
                                worker.mirror().directory(),
                                worker.syncedPosition(),
                                worker.dropReason()));
            }
        }
    }

    @Override
    public void abandon() {
        for (MirrorWorker worker : workers) {
            worker.drop("journal gave up");
            worker.awaitEnd(limits.mirrorTimeoutMs());
        }
    }
}
