package io.varve.endpoint.replica;

import io.varve.dr.replica.Primary;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.StandbyAgent;
import io.varve.endpoint.site.SiteReplica;
import io.varve.endpoint.tls.PrivateFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;

/**
 * Runs verifications of a standby, one at a time, on a thread of its own: when asked, and by itself
 * from time to time, deep and slowly. What it found is kept until the process ends; when all was
 * last right is kept for longer. Safe for use by many threads.
 */
final class Verifier implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Verifier.class.getName());
    private static final String FILE_NAME = "replica-verified";
    private static final long FIRST_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final double SHARE_ASKED = 1;
    private static final double SHARE_UNASKED = 0.1;

    private final SiteReplica site;
    private final Duration period;
    private long dueNanos = System.nanoTime() + FIRST_NANOS;
    private boolean running;
    private String failure = "";
    private Verification.@Nullable Result last;
    private Verification.@Nullable Result lastDeep;
    private @Nullable Instant lastFullPass;
    private @Nullable Thread thread;
    private volatile boolean closing;

    /**
     * @param period zero for never by itself
     */
    Verifier(SiteReplica site, Duration period) {
        this.site = site;
        this.period = period;
        this.lastFullPass = readLastFullPass();
        Instant last = lastFullPass;
        if (last != null) {
            long sinceNanos = Duration.between(last, Instant.now()).toNanos();
            dueNanos = Math.max(dueNanos, System.nanoTime() + period.toNanos() - sinceNanos);
        }
    }

    private @Nullable Instant readLastFullPass() {
        Path file = site.directory().resolve(FILE_NAME);
        try {
            return Files.exists(file) ? Instant.parse(Files.readString(file).strip()) : null;
        } catch (IOException | DateTimeParseException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot be read: " + file, e);
            return null;
        }
    }

    private void keepLastFullPass(Instant at) {
        try {
            PrivateFile.write(site.directory().resolve(FILE_NAME), at + "\n");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "when all was verified cannot be kept", e);
        }
    }

    /**
     * What there is to say.
     *
     * @param failure why the last one came to nothing; empty when it did not
     * @param lastDeep the last that read every row and blob, of this process
     * @param lastFullPass when one of these last found all to be right, of any process
     */
    record State(
            boolean running,
            String failure,
            Verification.@Nullable Result last,
            Verification.@Nullable Result lastDeep,
            @Nullable Instant lastFullPass) {}

    synchronized State state() {
        return new State(running, failure, last, lastDeep, lastFullPass);
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

    /** Starts one when it is due. */
    synchronized void startIfDue(Primary primary, StandbyAgent agent) {
        if (!running && !period.isZero() && System.nanoTime() - dueNanos > 0) {
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
            dueNanos = System.nanoTime() + period.toNanos();
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
                if (deep && result.passed()) {
                    lastFullPass = result.finished();
                    keepLastFullPass(result.finished());
                }
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
