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

/**
 * Several mirrors, each with its own thread. A batch is committed when a majority of the configured
 * mirrors has synced it; a slower one goes on behind, within a bound. One that fails, or does not
 * get on for the configured time, is dropped and takes part again after the next start.
 */
final class MirrorGroup implements MirrorSet {
    /** How much a slow mirror may be behind before the writer waits for it. */
    private static final int BACKLOG_BATCHES = 8;

    private final List<MirrorWorker> workers = new ArrayList<>();
    private final JournalLimits limits;
    private final int quorum;
    private final Consumer<JournalEvent> events;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progressed = lock.newCondition();

    /** Batches handed to the mirrors; the same for all that are left. */
    private long committed;

    MirrorGroup(List<Mirror> mirrors, JournalConfig config) {
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
                if (!progressed.await(waitMs(), TimeUnit.MILLISECONDS)) {
                    dropStalled();
                }
            }
        } catch (InterruptedException e) {
            throw new JournalException("journal writer was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private long waitMs() {
        long most = limits.mirrorTimeoutMs();
        for (MirrorWorker worker : workers) {
            most = Math.min(most, limits.mirrorTimeoutMs() - worker.stalledMs());
        }
        return Math.max(1, most);
    }

    private void dropStalled() {
        for (MirrorWorker worker : workers) {
            if (worker.stalledMs() >= limits.mirrorTimeoutMs()) {
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
