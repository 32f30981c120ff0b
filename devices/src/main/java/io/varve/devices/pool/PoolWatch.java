package io.varve.devices.pool;

import io.varve.devices.log.DeviceLog;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks after the devices from a platform thread of its own: sets aside one whose agent hangs, and
 * gives the others their tick.
 */
final class PoolWatch implements AutoCloseable {
    private static final long MAX_PERIOD_MS = 1_000;

    private final PoolMembers members;
    private final long periodNanos;
    private final Thread thread;
    private volatile boolean closing;

    PoolWatch(PoolMembers members) {
        this.members = members;
        this.periodNanos = periodMs(members) * 1_000_000;
        this.thread =
                Thread.ofPlatform().name("varve-device-watch").daemon(true).unstarted(this::run);
    }

    /** Often enough that a hang is seen soon after its time. */
    private static long periodMs(PoolMembers members) {
        long shortest = MAX_PERIOD_MS;
        for (PoolMember member : members.all()) {
            shortest = Math.min(shortest, member.config().writes().hangTimeout().toMillis() / 4);
        }
        return Math.max(1, shortest);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            LockSupport.parkNanos(this, periodNanos);
            for (PoolMember member : members.all()) {
                DeviceLog log = member.log();
                if (log != null && member.up() && !closing) {
                    look(log);
                }
            }
        }
    }

    private static void look(DeviceLog log) {
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
