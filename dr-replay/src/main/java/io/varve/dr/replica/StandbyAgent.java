package io.varve.dr.replica;

import io.varve.journal.JournalException;
import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.record.Change;
import io.varve.journal.record.WindowChange;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Follows another site, on a thread of its own.
 *
 * <pre>
 *  records from where the journal ends -> their blobs, stored here -> records appended
 * </pre>
 *
 * <p>So a record that is here has its blobs here, whenever the process ends; what it leaves at the
 * worst are blobs whose records come with the next attempt. Where it goes on is where its own
 * journal ends, and nothing else is remembered. What fails is tried again for ever, with pauses.
 *
 * <p>A blob that the other site has dropped meanwhile is passed over: what named it is overwritten,
 * deleted or refused by a later record, and released by one that is in the other journal already.
 * So the site is whole again once it has come to where that journal ended then.
 */
public final class StandbyAgent implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(StandbyAgent.class.getName());
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int WORKERS = 4;
    private static final long PAUSE_MIN_MS = 100;
    private static final long PAUSE_MAX_MS = 5_000;

    /** Records are appended at the latest when they bring so many bytes. */
    private static final long WINDOW_BYTES = 32L << 20;

    private final Primary primary;
    private final StandbySite site;
    private final LagGauge gauge;
    private final ExecutorService workers;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final ReentrantLock appending = new ReentrantLock();
    private volatile boolean closing;

    /** Owned by the thread. */
    private boolean again = true;

    private String told = "";

    private StandbyAgent(Primary primary, StandbySite site) {
        this.primary = primary;
        this.site = site;
        this.gauge = new LagGauge(site.journal().endPosition());
        this.workers =
                Executors.newFixedThreadPool(
                        WORKERS, Thread.ofVirtual().name("varve-replica-", 0).factory());
        this.thread = Thread.ofPlatform().name("varve-standby").daemon().unstarted(this::run);
    }

    public static StandbyAgent start(Primary primary, StandbySite site) {
        StandbyAgent agent = new StandbyAgent(primary, site);
        agent.thread.start();
        return agent;
    }

    public Lag lag() {
        return gauge.lag();
    }

    private void run() {
        long pauseMs = PAUSE_MIN_MS;
        while (!closing) {
            try {
                turn();
                pauseMs = PAUSE_MIN_MS;
                if (!told.isEmpty()) {
                    LOG.info(() -> "the standby goes on at " + site.journal().endPosition());
                    told = "";
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                failed(e);
                pause(pauseMs);
                pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
            }
        }
    }

    private void failed(RuntimeException e) {
        if (closing) {
            return;
        }
        again = true;
        String trouble = String.valueOf(e.getMessage());
        gauge.failed(trouble, !(e instanceof ReplicaException));
        if (!trouble.equals(told)) {
            LOG.log(Level.WARNING, "the standby is held up and will try again: " + trouble, e);
        }
        told = trouble;
    }

    private void pause(long ms) {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(ms);
            while (left > 0 && !closing) {
                left = woken.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void turn() throws InterruptedException {
        long from = site.journal().endPosition() + 1;
        long askedNanos = System.nanoTime();
        RecordBatch batch = primary.records(from, POLL);
        if (batch.endPosition() < from - 1) {
            throw new JournalException(
                    "this site is ahead of the one it follows: position=%d, the other ends at %d"
                            .formatted(from - 1, batch.endPosition()));
        }
        gauge.heard(batch, askedNanos);
        List<StoredRecord> window = new ArrayList<>();
        List<BlobShipment.Named> named = new ArrayList<>();
        long bytes = 0;
        for (StoredRecord record : batch.records()) {
            Change change = RecordCodec.decode(ByteBuffer.wrap(record.payload())).change();
            boolean alone = change instanceof WindowChange.ConfirmDropped && !window.isEmpty();
            if (alone || bytes >= WINDOW_BYTES) {
                append(window, named, record.timeMicros());
                bytes = 0;
            }
            window.add(record);
            named.add(new BlobShipment.Named(change, record.timeMicros()));
            bytes += RecordBytes.of(record, change);
        }
        // Of what comes behind the last one it is only known that it is not older.
        append(window, named, window.isEmpty() ? 0 : window.getLast().timeMicros());
        again = false;
    }

    /** Runs something while nothing is appended: the journal ends where it ends. */
    public <T> T held(Supplier<T> work) {
        appending.lock();
        try {
            return work.get();
        } finally {
            appending.unlock();
        }
    }

    /** Blobs first, then their records; both lists are empty afterwards. */
    private void append(List<StoredRecord> window, List<BlobShipment.Named> named, long nextMicros)
            throws InterruptedException {
        if (window.isEmpty() || closing) {
            return;
        }
        for (BlobShipment.Named record : named) {
            Change change = record.change();
            site.prepare(change);
            if (change instanceof WindowChange.ConfirmDropped(long throughPosition)) {
                // Only ever the first: what it speaks of has to be in the view.
                site.awaitApplied(window.getFirst().position() - 1);
                site.dropReleased(throughPosition);
            }
        }
        BlobShipment shipment = new BlobShipment(primary, site, named, again);
        shipment.run(workers);
        if (shipment.absentCount() + shipment.lostCount() > 0) {
            site.wholeFrom(primary.report().endPosition());
        }
        if (shipment.lostCount() > 0) {
            LOG.log(
                    Level.SEVERE,
                    "{0} blobs have no good copy at the other site: records from {1} to {2}",
                    new Object[] {
                        shipment.lostCount(),
                        window.getFirst().position(),
                        window.getLast().position()
                    });
        }
        appending.lock();
        try {
            site.journal().appendStored(window);
        } finally {
            appending.unlock();
        }
        site.awaitApplied(window.getLast().position());
        site.settled(named.stream().flatMap(r -> RecordBlobs.of(r.change()).stream()).toList());
        long bytes = 0;
        for (int i = 0; i < window.size(); i++) {
            bytes += RecordBytes.of(window.get(i), named.get(i).change());
        }
        gauge.appended(window.getLast().position(), bytes, nextMicros);
        window.clear();
        named.clear();
    }

    /** Ends where it is; the records that were appended stay. */
    @Override
    public void close() {
        closing = true;
        lock.lock();
        try {
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        workers.shutdownNow();
        thread.interrupt();
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
