package io.varve.devices.log;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a device's log. Single-threaded: its duty cycle, {@link #doWork}, is run by one thread,
 * which owns the open segment, all changes of the index and of the segments' counts.
 *
 * <p>Group commit: all requests that came while the last batch was written go into the next one,
 * and share its sync. The index is changed, and requests are completed, only after the sync: so a
 * reader never sees what a power cut could take back.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>An error of a write or sync ends all writing for good: what the failed sync covered is in
 *       doubt, and no later sync would tell.
 *   <li>While the agent is inside a batch, {@link #inFlight} holds it. Whoever takes it out of
 *       there completes its requests: the agent when done, or {@link #abandon} when it hangs. An
 *       agent that finds its batch taken changes nothing any more.
 * </ul>
 */
final class LogAgent {
    private final int deviceId;
    private final SegmentTable segments;
    private final BatchBuilder builder;
    private final BatchEffects effects;
    private final Executor background;
    private final DeviceListener listener;
    private final RequestQueue queue = new RequestQueue();
    private final Batch batch = new Batch();
    private final AtomicReference<@Nullable Batch> inFlight = new AtomicReference<>();
    private final AtomicReference<@Nullable DeviceFailedException> failure =
            new AtomicReference<>();
    private final LatencyGauge batchLatency = new LatencyGauge();

    /** Held while the index changes; nobody waits for media with it. */
    private final ReentrantLock applying = new ReentrantLock();

    private boolean takenOver;
    private final AtomicBoolean lookingAhead = new AtomicBoolean();

    LogAgent(
            int deviceId,
            SegmentTable segments,
            BatchBuilder builder,
            BatchEffects effects,
            Executor background,
            DeviceListener listener) {
        this.deviceId = deviceId;
        this.segments = segments;
        this.builder = builder;
        this.effects = effects;
        this.background = background;
        this.listener = listener;
    }

    /** Hands over a request; returns whether the agent's thread may have to be woken. */
    boolean submit(LogRequest request) {
        boolean wasEmpty = queue.push(request);
        DeviceFailedException failed = failure.get();
        if (failed != null) {
            failQueued(failed);
        }
        return wasEmpty;
    }

    boolean hasWork() {
        return !queue.isEmpty();
    }

    LatencyGauge batchLatency() {
        return batchLatency;
    }

    /** Runs something while no batch has its effects; from any thread. */
    void betweenBatches(Runnable action) {
        applying.lock();
        try {
            action.run();
        } finally {
            applying.unlock();
        }
    }

    /** Whether a file is being grown or made ready in the background. */
    boolean preparing() {
        return lookingAhead.get();
    }

    /** Why nothing is written any more; null while it is. */
    @Nullable DeviceFailedException failure() {
        return failure.get();
    }

    /** Whether the agent has been inside one batch since before that moment. */
    boolean busySince(long nanos) {
        Batch current = inFlight.get();
        return current != null && current.startedNanos() - nanos < 0;
    }

    /**
     * Writes one batch of what waits.
     *
     * @return how many requests it completed; 0 = nothing waits, -1 = the log has failed
     */
    int doWork(long nowNanos) {
        DeviceFailedException failed = failure.get();
        if (failed != null) {
            failWaiting(failed);
            return -1;
        }
        queue.drainTo(batch.waiting);
        if (batch.waiting.isEmpty()) {
            return 0;
        }
        batch.start(nowNanos);
        inFlight.set(batch);
        try {
            builder.build(batch);
        } catch (IOException e) {
            takenOver = true;
            abandon("write failed: " + e, e);
            return -1;
        }
        if (!inFlight.compareAndSet(batch, null)) {
            takenOver = true;
            return -1;
        }
        SegmentAppender appender = builder.open();
        if (appender != null && !batch.appended.isEmpty()) {
            applying.lock();
            try {
                effects.apply(batch, appender);
            } finally {
                applying.unlock();
            }
        }
        batchLatency.took(System.nanoTime() - nowNanos);
        int done = effects.complete(batch);
        lookAhead();
        return done;
    }

    /** Has the file grown, or the next segment made ready, before they are needed. */
    private void lookAhead() {
        SegmentAppender appender = builder.open();
        if (appender == null) {
            return;
        }
        boolean bulk = builder.bulk();
        long upTo = bulk ? 0 : segments.growthDue(appender.segment(), appender.offset());
        boolean due = upTo > 0 || segments.nextDue(appender.segment());
        if (due && !lookingAhead.getAndSet(true)) {
            background.execute(() -> prepare(appender, upTo, bulk));
        }
    }

    private void prepare(SegmentAppender appender, long upTo, boolean bulk) {
        try {
            if (upTo > 0) {
                segments.grow(appender.segment(), appender.file(), upTo);
            } else {
                segments.prepareAhead(!bulk);
            }
        } catch (IOException e) {
            abandon("preparing a segment failed: " + e, e);
        } finally {
            lookingAhead.set(false);
        }
    }

    /**
     * From any thread: ends all writing, and fails what waits for it; the batch too, if the agent
     * is inside one, since it may never return.
     */
    void abandon(String reason, @Nullable Throwable cause) {
        DeviceFailedException failed = failedBy(reason, cause);
        if (failure.compareAndSet(null, failed)) {
            listener.on(new DeviceEvent.Failed(deviceId, reason));
        }
        failAll(failed);
    }

    /** As {@link #abandon}, of a log that is being closed: nobody is told of a failure. */
    void end() {
        DeviceFailedException closed = failedBy("closed", null);
        failure.compareAndSet(null, closed);
        failAll(closed);
    }

    private DeviceFailedException failedBy(String reason, @Nullable Throwable cause) {
        return new DeviceFailedException("device %d: %s".formatted(deviceId, reason), cause);
    }

    private void failAll(DeviceFailedException failed) {
        Batch taken = inFlight.getAndSet(null);
        if (taken != null) {
            for (LogRequest request : taken.members()) {
                request.complete(false, failed);
            }
        }
        failQueued(failed);
    }

    /** What was left for a later batch fails too, unless whoever took the batch has seen to it. */
    private void failWaiting(DeviceException failed) {
        if (!takenOver) {
            takenOver = true;
            batch.waiting.forEach(request -> request.complete(false, failed));
        }
    }

    private void failQueued(DeviceException failed) {
        ArrayDeque<LogRequest> left = new ArrayDeque<>();
        queue.drainTo(left);
        left.forEach(request -> request.complete(false, failed));
    }
}
