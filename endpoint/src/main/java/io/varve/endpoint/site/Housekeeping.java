package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.TendedPool;
import io.varve.endpoint.store.ExpiryAgent;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.store.WindowAgent;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What a site does by itself, on one thread: looks at its space, removes what has expired, lets the
 * window close, and makes good the blobs that were written while a device was failing.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class.getName());
    private static final long IDLE_PAUSE_NANOS = 1_000_000_000;

    /** Between turns that found something to do, so that requests come first. */
    private static final long BUSY_PAUSE_NANOS = 20_000_000;

    private static final int REPAIRS_PER_TURN = 16;

    /**
     * What a repair could not make good waits so many turns, unless a device comes back before or
     * has room again.
     */
    private static final int REPAIR_REST_TURNS = 60;

    /** Room counts as another when it is so many powers of two more or less. */
    private static final int ROOM_STEP = 4;

    private final SpaceGuard space;
    private final ExpiryAgent expiry;
    private final WindowAgent window;
    private final SitePools pools;
    private final BooleanSupplier leads;
    private final Thread thread;
    private volatile boolean closing;
    private boolean failing;
    private int restTurns;
    private List<Condition> restedUnder = List.of();

    /** What a repair may depend on. */
    private record Condition(int deviceId, DeviceState state, int room) {}

    /**
     * @param leads whether the site takes changes: what expires, and when, its primary decides
     */
    Housekeeping(
            SpaceGuard space,
            ExpiryAgent expiry,
            WindowAgent window,
            SitePools pools,
            BooleanSupplier leads) {
        this.space = space;
        this.expiry = expiry;
        this.window = window;
        this.pools = pools;
        this.leads = leads;
        this.thread = Thread.ofPlatform().name("varve-housekeeping").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            int work = turn();
            LockSupport.parkNanos(this, work > 0 ? BUSY_PAUSE_NANOS : IDLE_PAUSE_NANOS);
        }
    }

    private int turn() {
        try {
            space.check();
            int work = repair();
            if (leads.getAsBoolean()) {
                work += expiry.doWork() + window.doWork();
            }
            failing = false;
            return work;
        } catch (RuntimeException e) {
            if (!failing && !closing) {
                LOG.log(Level.WARNING, "housekeeping is held up and will try again", e);
            }
            failing = true;
            return 0;
        }
    }

    private int repair() {
        if (restTurns > 0 && conditions().equals(restedUnder)) {
            restTurns--;
            return 0;
        }
        int work = 0;
        boolean stuck = false;
        for (TendedPool pool : pools.all()) {
            List<BlobId> due = pool.deficits().stream().limit(REPAIRS_PER_TURN).toList();
            for (BlobId id : due) {
                if (closing) {
                    return 0;
                }
                pool.repair(id);
            }
            boolean all = !due.isEmpty() && pool.deficits().containsAll(due);
            stuck |= all;
            work += all ? 0 : due.size();
        }
        restTurns = stuck && work == 0 ? REPAIR_REST_TURNS : 0;
        restedUnder = restTurns > 0 ? conditions() : List.of();
        return work;
    }

    private List<Condition> conditions() {
        return pools.standard().stats().stream()
                .map(
                        device ->
                                new Condition(
                                        device.deviceId(),
                                        device.state(),
                                        Long.numberOfLeadingZeros(device.writableBytes())
                                                / ROOM_STEP))
                .toList();
    }

    /** Waits for the turn under way. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
