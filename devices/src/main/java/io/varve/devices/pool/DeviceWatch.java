package io.varve.devices.pool;

import io.varve.devices.DeviceStats;
import io.varve.devices.FillLimits;
import io.varve.devices.log.BlobDevice;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Looks after the devices from a platform thread of its own: sets aside one whose agent hangs, and
 * gives the others their tick.
 */
final class DeviceWatch implements AutoCloseable {
    private static final long MAX_PERIOD_MS = 1_000;

    /** A device is slow when it takes so many times as long as half of the devices. */
    private static final int SLOW_FACTOR = 8;

    /** But not while a read takes less than this. */
    private static final long SLOW_NANOS = 10_000_000;

    /** So late nobody comes who was not stopped. */
    private static final long LATE_NANOS = 2_000_000_000;

    private static final long SPEED_PERIOD_NANOS = 1_000_000_000;

    private final Supplier<Collection<SetMember>> members;
    private final CopyReader reader;
    private final FillLimits limits;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param members those of the moment it is called
     * @param limits from when on they are full
     */
    DeviceWatch(Supplier<Collection<SetMember>> members, CopyReader reader, FillLimits limits) {
        this.limits = limits;
        this.members = members;
        this.reader = reader;
        this.thread =
                Thread.ofPlatform().name("varve-device-watch").daemon(true).unstarted(this::run);
    }

    /** Often enough that a hang is seen soon after its time. */
    private static long periodNanos(Collection<SetMember> members) {
        long shortest = MAX_PERIOD_MS;
        for (SetMember member : members) {
            shortest = Math.min(shortest, member.config().writes().hangTimeout().toMillis() / 4);
        }
        return Math.max(1, shortest) * 1_000_000;
    }

    void start() {
        thread.start();
    }

    private void run() {
        long speedLookedAt = System.nanoTime();
        while (!closing) {
            long period = periodNanos(members.get());
            long parked = System.nanoTime();
            LockSupport.parkNanos(this, period);
            if (System.nanoTime() - parked - period > LATE_NANOS) {
                // The whole process was stopped for a while: what looks as if it hung may just
                // be going on. The next look tells.
                continue;
            }
            reader.setAsideHanging();
            if (System.nanoTime() - speedLookedAt >= SPEED_PERIOD_NANOS) {
                speedLookedAt = System.nanoTime();
                compareSpeeds();
                lookAtRoom();
            }
            for (SetMember member : members.get()) {
                BlobDevice log = member.log();
                if (log != null && member.up() && !closing) {
                    look(log);
                }
            }
        }
    }

    private void compareSpeeds() {
        List<BlobDevice> logs = new ArrayList<>();
        for (SetMember member : members.get()) {
            BlobDevice log = member.log();
            if (log != null && member.up() && log.readNanos() > 0) {
                logs.add(log);
            }
        }
        logs.sort(Comparator.comparingLong(BlobDevice::readNanos));
        for (BlobDevice log : logs) {
            long usual = logs.get(logs.size() / 2).readNanos();
            log.compared(log.readNanos() >= SLOW_NANOS && log.readNanos() > SLOW_FACTOR * usual);
        }
    }

    private void lookAtRoom() {
        for (SetMember member : members.get()) {
            BlobDevice log = member.log();
            if (log != null && member.up() && !closing) {
                lookAtRoom(log);
            }
        }
    }

    /** Says how full a device is: each second, and when it comes into the set. */
    void lookAtRoom(BlobDevice log) {
        DeviceStats stats = log.stats();
        log.filled(limits.of(stats), stats.usedShare(), limits.leftBytes(stats));
    }

    private static void look(BlobDevice log) {
        long limit = System.nanoTime() - log.hangTimeout().toNanos();
        if (log.busySince(limit)) {
            log.abandon("a batch hangs for " + log.hangTimeout());
            return;
        }
        try {
            log.tick();
        } catch (IOException e) {
            log.abandon("its space cannot be asked for: " + e);
        }
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
    }
}
