package io.varve.endpoint.replica;

import io.varve.dr.replica.Primary;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.StandbyAgent;
import io.varve.endpoint.site.SiteReplica;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/**
 * Runs verifications of a standby, one at a time, on a thread of its own: when asked, and by itself
 * once a day, deep and slowly. What it found is kept until the process ends. Safe for use by many
 * threads.
 */
final class Verifier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Verifier.class.getName());
    private static final long EVERY_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final long FIRST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final double SHARE_ASKED = 1;
    private static final double SHARE_UNASKED = 0.1;

    private final SiteReplica site;
    private long dueNanos = System.nanoTime() + FIRST_NANOS;
    private boolean running;
    private String failure = "";
    private Verification.@Nullable Result last;
    private Verification.@Nullable Result lastDeep;
    private @Nullable Thread thread;
    private volatile boolean closing;

    Verifier(SiteReplica site) {
        this.site = site;
    }

    /**
     * What there is to say.
     *
     * @param failure why the last one came to nothing; empty when it did not
     * @param lastDeep the last that read every blob
     */
    record State(
            boolean running,
            String failure,
            Verification.@Nullable Result last,
            Verification.@Nullable Result lastDeep) {}

    synchronized State state() {
        return new State(running, failure, last, lastDeep);
    }

    /**
     * @throws ReplicaException when one is under way
     */
    synchronized void start(Primary primary, StandbyAgent agent, boolean deep) {
        if (running) {
            throw new ReplicaException("a verification is under way");
        }
        begin(primary, agent, deep, SHARE_ASKED);
    }

    /** Starts the daily one when it is due. */
    synchronized void startIfDue(Primary primary, StandbyAgent agent) {
        if (!running && System.nanoTime() - dueNanos > 0) {
            begin(primary, agent, true, SHARE_UNASKED);
        }
    }

    private void begin(Primary primary, StandbyAgent agent, boolean deep, double share) {
        if (closing) {
            return;
        }
        running = true;
        failure = "";
        if (deep) {
            dueNanos = System.nanoTime() + EVERY_NANOS;
        }
        thread =
                Thread.ofPlatform()
                        .name("varve-replica-verify")
                        .daemon()
                        .start(() -> run(primary, agent, deep, share));
    }

    private void run(Primary primary, StandbyAgent agent, boolean deep, double share) {
        Verification.Result result = null;
        String reason = "";
        try {
            result = new Verification(site, share, () -> closing).run(primary, agent, deep);
        } catch (InterruptedException e) {
            reason = "interrupted";
        } catch (RuntimeException e) {
            reason = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            running = false;
            failure = reason;
            if (result != null) {
                last = result;
                lastDeep = deep ? result : lastDeep;
            }
        }
        if (result != null && !result.passed()) {
            LOG.log(Level.ERROR, "the standby is not what its primary is: {0}", result);
        } else if (!reason.isEmpty() && !closing) {
            LOG.log(Level.WARNING, "the standby could not be verified: {0}", reason);
        }
    }

    @Override
    public void close() {
        Thread current;
        synchronized (this) {
            closing = true;
            current = thread;
        }
        if (current != null) {
            current.interrupt();
            try {
                current.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
