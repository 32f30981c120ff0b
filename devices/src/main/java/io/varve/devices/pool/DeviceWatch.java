package io.varve.devices.pool;

import io.varve.devices.log.DeviceLog;

import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Looks after the devices from a platform thread of its own: sets aside one whose agent hangs, and
 * gives the others their tick.
 */
final class DeviceWatch implements AutoCloseable {
    private static final long MAX_PERIOD_MS = 1_000;

    private final Supplier<Collection<SetMember>> members;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param members those of the moment it is called
     */
    DeviceWatch(Supplier<Collection<SetMember>> members) {
        this.members = members;
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
        while (!closing) {
            LockSupport.parkNanos(this, periodNanos(members.get()));
            for (SetMember member : members.get()) {
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
