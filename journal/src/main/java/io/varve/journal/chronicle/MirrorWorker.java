package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The thread of one mirror among several. It writes what it is given in order, shares a sync among
 * the batches that wait, and says how far it has got. Once it has failed or was dropped it never
 * writes again: what a failed sync left on the medium is not known.
 */
final class MirrorWorker implements Runnable {

    private sealed interface Task {
        record Write(FrameBatch batch) implements Task {}

        record MakeRoom(long bytes, CountDownLatch done) implements Task {}

        record WriteMark(Mark mark) implements Task {}

        record Seal(Mark end) implements Task {}
    }

    private final Mirror mirror;
    private final JournalLimits limits;
    private final Runnable progress;
    private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final AtomicLong backlogBytes = new AtomicLong();
    private final Thread thread;

    /** Batches given to the mirror; written by the writer's thread only. */
    private long enqueued;

    /** Batches that are durable on the mirror; written by the mirror's thread only. */
    private final AtomicLong completed = new AtomicLong();

    /** What the writer's thread has seen of the progress, and for how long there was none. */
    private long completedSeen;

    private long stalledNanos;
    private volatile @Nullable String dropReason;

    /**
     * @param progress called on this worker's thread when it has synced or failed
     */
    MirrorWorker(Mirror mirror, JournalLimits limits, Runnable progress) {
        this.mirror = mirror;
        this.limits = limits;
        this.progress = progress;
        this.thread = new Thread(this, "journal-mirror " + mirror.directory());
        mirror.hold();
        thread.setDaemon(true);
        thread.start();
    }

    void write(FrameBatch batch) {
        enqueued++;
        backlogBytes.addAndGet(batch.spaceBytes());
        tasks.add(new Task.Write(batch));
    }

    /** The latch opens when the mirror has tried to make room. */
    CountDownLatch makeRoom(long bytes) {
        CountDownLatch done = new CountDownLatch(1);
        tasks.add(new Task.MakeRoom(bytes, done));
        return done;
    }

    void writeMark(Mark mark) {
        tasks.add(new Task.WriteMark(mark));
    }

    /** Closes the files in good order after all that waits; {@link #awaitEnd} tells when. */
    void seal(Mark end) {
        tasks.add(new Task.Seal(end));
    }

    /** Takes the mirror out for good; the first reason stays. */
    void drop(String reason) {
        if (dropReason == null) {
            dropReason = reason;
        }
        tasks.clear();
        thread.interrupt();
    }

    boolean awaitEnd(long timeoutMs) {
        try {
            thread.join(timeoutMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    boolean isDropped() {
        return dropReason != null;
    }

    String dropReason() {
        String reason = dropReason;
        return reason == null ? "" : reason;
    }

    Mirror mirror() {
        return mirror;
    }

    long syncedPosition() {
        return mirror.syncedPosition();
    }

    long completedBatches() {
        return completed.get();
    }

    long backlogBytes() {
        return backlogBytes.get();
    }

    /** The room there will be when all that waits is written. */
    long roomBytes() {
        return mirror.roomBytes() - backlogBytes.get();
    }

    /**
     * Counts some time towards the stall unless there was progress, and tells whether there was;
     * for the writer's thread.
     */
    boolean observe(long elapsedNanos) {
        long now = completed.get();
        boolean progress = now != completedSeen;
        if (now == enqueued || progress) {
            stalledNanos = 0;
        } else {
            stalledNanos += elapsedNanos;
        }
        completedSeen = now;
        return progress;
    }

    /** Has its time anew; for the writer's thread. */
    void forgetStall() {
        stalledNanos = 0;
    }

    /** How long it has had work and was seen not to get on; for the writer's thread. */
    long stalledMs() {
        return TimeUnit.NANOSECONDS.toMillis(stalledNanos);
    }

    @Override
    public void run() {
        try {
            while (dropReason == null && turn(tasks.take())) {
                // One turn is one task, or all writes that wait.
            }
        } catch (Throwable e) {
            if (dropReason == null) {
                dropReason = e.toString();
            }
        } finally {
            if (dropReason != null) {
                mirror.abandon();
            }
            mirror.release();
            progress.run();
        }
    }

    private boolean turn(Task task) throws IOException {
        switch (task) {
            case Task.Write(FrameBatch batch) -> writeAllThatWait(batch);
            case Task.MakeRoom(long bytes, CountDownLatch done) -> {
                tryExtend(bytes);
                done.countDown();
            }
            case Task.WriteMark(Mark mark) -> mirror.writeMark(mark);
            case Task.Seal(Mark end) -> {
                mirror.seal(end);
                return false;
            }
        }
        return true;
    }

    private void writeAllThatWait(FrameBatch first) throws IOException {
        List<FrameBatch> batches = new ArrayList<>();
        batches.add(first);
        writeOne(first);
        while (dropReason == null && tasks.peek() instanceof Task.Write(FrameBatch next)) {
            tasks.poll();
            batches.add(next);
            writeOne(next);
        }
        mirror.sync(batches.getLast());
        long bytes = 0;
        for (FrameBatch batch : batches) {
            bytes += batch.spaceBytes();
        }
        backlogBytes.addAndGet(-bytes);
        completed.addAndGet(batches.size());
        progress.run();
        if (mirror.roomBytes() < 2L * limits.zeroStepBytes()) {
            tryExtend(2L * limits.zeroStepBytes() + limits.maxBatchBytes());
        }
    }

    private void writeOne(FrameBatch batch) throws IOException {
        if (batch.newCycle() == null && mirror.roomBytes() < batch.spaceBytes()) {
            mirror.extend(batch.spaceBytes());
        }
        mirror.write(batch);
    }

    /** Having no room is no failure yet: only a batch that does not fit is. */
    private void tryExtend(long bytes) {
        try {
            mirror.extend(bytes);
        } catch (IOException e) {
            System.getLogger(MirrorWorker.class.getName())
                    .log(System.Logger.Level.DEBUG, "no room in " + mirror.directory(), e);
        }
    }
}
