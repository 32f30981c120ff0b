package io.varve.devices.pool;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.ScrubMode;
import io.varve.devices.ScrubPace;
import io.varve.devices.ScrubProgress;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.ScrubMark;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Scrubs a pool's copies on the devices when their time has come, one device after the other, on a
 * thread of its own. How far each is, is kept on the device itself.
 */
final class Scrub implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** What is read again after a restart, at most. */
    private static final long MARK_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int poolId;
    private final ScrubPace pace;
    private final PoolMembers members;
    private final CopyReader reader;
    private final Consumer<BlobId> damaged;
    private final DeviceListener listener;
    private final LongSupplier clockMs;
    private final Throttle throttle;
    private final Map<Integer, ScrubMark> marks = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param damaged takes a blob whose copy is, for repair
     */
    Scrub(
            int poolId,
            ScrubPace pace,
            PoolMembers members,
            CopyReader reader,
            Consumer<BlobId> damaged,
            Foreground foreground,
            DeviceListener listener,
            LongSupplier clockMs) {
        this.poolId = poolId;
        this.pace = pace;
        this.members = members;
        this.reader = reader;
        this.damaged = damaged;
        this.listener = listener;
        this.clockMs = clockMs;
        this.throttle =
                new Throttle(
                        new BackfillPace(
                                pace.bytesPerSecond(), pace.busyShare(), pace.deviceShare()),
                        foreground,
                        () -> closing);
        this.thread = Thread.ofVirtual().name("varve-scrub-" + poolId).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (members.onDuty()) {
                look();
            }
        }
    }

    /** Scrubs each device whose time has come; returns how many. */
    int look() {
        int scrubbed = 0;
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            if (log == null || !member.up() || closing) {
                continue;
            }
            try {
                ScrubMode due = due(log);
                if (due != null) {
                    scrub(log, due);
                    scrubbed++;
                }
            } catch (DeviceException | IOException e) {
                // The device fails, which is told elsewhere: it is gone on with when it is back.
                continue;
            }
        }
        return scrubbed;
    }

    private @Nullable ScrubMode due(BlobDevice log) throws IOException {
        ScrubMark mark = log.scrubMark(poolId);
        marks.put(log.deviceId(), mark);
        if (mark.partsDone() > 0 && isDue(log, mark, mark.mode())) {
            return mark.mode();
        }
        if (isDue(log, mark, ScrubMode.DEEP)) {
            return ScrubMode.DEEP;
        }
        return isDue(log, mark, ScrubMode.LIGHT) ? ScrubMode.LIGHT : null;
    }

    private boolean isDue(BlobDevice log, ScrubMark mark, ScrubMode mode) {
        Duration period = pace.period(mode);
        long last = Math.max(mark.lastMs(mode), log.label().createdMs());
        return !period.isZero() && clockMs.getAsLong() - last >= period.toMillis();
    }

    private void scrub(BlobDevice log, ScrubMode mode) throws IOException {
        ScrubSession session =
                new ScrubSession(log, poolId, mode, reader, damaged, throttle, listener);
        log.repairLabel();
        ScrubMark mark = log.scrubMark(poolId);
        int from = mark.mode() == mode ? mark.partsDone() : 0;
        long marked = System.nanoTime();
        for (int part = from; part < ScrubProgress.PARTS; part++) {
            session.part(part);
            if (closing || !members.onDuty()) {
                // The part may have been hurried through.
                return;
            }
            mark = mark.at(mode, part + 1);
            marks.put(log.deviceId(), mark);
            if (System.nanoTime() - marked >= MARK_NANOS) {
                log.mark(poolId, mark);
                marked = System.nanoTime();
            }
        }
        log.repairSegments();
        mark = mark.ended(clockMs.getAsLong());
        marks.put(log.deviceId(), mark);
        log.mark(poolId, mark);
    }

    List<ScrubProgress> progress() {
        List<ScrubProgress> progress = new ArrayList<>();
        for (SetMember member : members.all()) {
            ScrubMark mark = marks.getOrDefault(member.deviceId(), ScrubMark.NONE);
            progress.add(
                    new ScrubProgress(
                            member.deviceId(),
                            mark.mode(),
                            mark.partsDone(),
                            mark.lastLightMs(),
                            mark.lastDeepMs()));
        }
        return progress;
    }

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
