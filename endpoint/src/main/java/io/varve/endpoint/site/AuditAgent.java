package io.varve.endpoint.site;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.devices.TendedPool;
import io.varve.devices.pool.DeviceSet;
import io.varve.endpoint.site.AuditFindings.Owner;
import io.varve.endpoint.site.AuditProgressFile.UnderWay;
import io.varve.endpoint.site.UpkeepSettings.Audit;
import io.varve.projections.namespace.BlobReferences;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.NamespaceView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Audits the site's pools from time to time, one after the other, on a thread of its own: what the
 * journal names against what the devices hold. Its questions may be asked by any thread.
 */
final class AuditAgent implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AuditAgent.class.getName());

    /** A start is no time for it. */
    private static final Duration FIRST_DELAY = Duration.ofMinutes(1);

    /** How soon it is noticed that a device is back. */
    private static final long LOOK_MS = 1000;

    /** Between audits for the sake of devices that came back. */
    private static final long VETTING_PAUSE_NANOS = 60_000_000_000L;

    private final Audit settings;
    private final DeviceSet devices;
    private final SitePools pools;
    private final HostLedger ledger;
    private final NamedBlobs named;
    private final AuditFile file;
    private final AuditProgressFile progress;
    private volatile @Nullable UnderWay cutOff;
    private final BooleanSupplier duty;
    private final Thread thread;

    private final Object turns = new Object();
    private SortedMap<Integer, AuditFindings> findings;
    private long lastTurnNanos = System.nanoTime() - VETTING_PAUSE_NANOS;
    private boolean asked;
    private boolean running;
    private volatile boolean closing;

    AuditAgent(
            Audit settings,
            DeviceSet devices,
            SitePools pools,
            HostLedger ledger,
            InFlightBlobs inFlight,
            SetAsideBlobs setAside,
            AuditFile file,
            AuditProgressFile progress,
            BooleanSupplier duty) {
        this.settings = settings;
        this.devices = devices;
        this.pools = pools;
        this.ledger = ledger;
        this.named = new NamedBlobs(ledger, inFlight, setAside, settings.share(), () -> closing);
        this.file = file;
        this.progress = progress;
        this.cutOff = progress.read();
        this.duty = duty;
        this.findings = Collections.unmodifiableSortedMap(file.read());
        this.thread = Thread.ofPlatform().name("varve-audit").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Has an audit begin at once, or after the one under way. */
    void ask() {
        synchronized (turns) {
            asked = true;
            turns.notifyAll();
        }
    }

    /** What should exist. */
    NamedBlobs named() {
        return named;
    }

    /** What the last audits found, by pool; those of before a restart too. */
    SortedMap<Integer, AuditFindings> findings() {
        synchronized (turns) {
            return findings;
        }
    }

    long lostBlobs(int poolId) {
        AuditFindings last = findings().get(poolId);
        return last == null ? 0 : last.report().lost();
    }

    AuditStatus status() {
        List<TendedPool> all = pools.all();
        double done = all.stream().mapToDouble(TendedPool::auditProgress).average().orElse(1);
        synchronized (turns) {
            return new AuditStatus(running || asked, running ? done : 1, findings);
        }
    }

    private void run() {
        Duration pause = firstPause();
        while (awaitTurn(pause)) {
            turn();
            lastTurnNanos = System.nanoTime();
            synchronized (turns) {
                running = false;
            }
            pause = settings.period();
        }
    }

    private Duration firstPause() {
        if (cutOff != null) {
            return Duration.ofMillis(firstDelayMs());
        }
        long last = findings().values().stream().mapToLong(AuditFindings::endedMs).min().orElse(0);
        long due = last + settings.period().toMillis() - System.currentTimeMillis();
        long bounded = Math.min(due, settings.period().toMillis());
        return Duration.ofMillis(Math.max(bounded, firstDelayMs()));
    }

    private long firstDelayMs() {
        return Math.min(FIRST_DELAY.toMillis(), settings.period().toMillis());
    }

    private boolean awaitTurn(Duration pause) {
        long due = System.nanoTime() + pause.toNanos();
        synchronized (turns) {
            long leftMs = pause.toMillis();
            while (!closing && !asked && leftMs > 0 && !isToBeVetted()) {
                try {
                    turns.wait(Math.min(leftMs, LOOK_MS));
                } catch (InterruptedException e) {
                    return false;
                }
                leftMs = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime());
            }
            asked = false;
            running = !closing;
            return !closing;
        }
    }

    private void turn() {
        try {
            if (duty.getAsBoolean()) {
                auditAll();
            }
        } catch (CancellationException e) {
            LOG.log(Level.FINE, "the audit ends with the site", e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "an audit did not come to its end; the next one tries again", e);
        }
    }

    /** Audits every pool that is open; on return what was found is on media. */
    synchronized void auditAll() throws IOException {
        UnderWay before = takeCutOff();
        long startedMs = before == null ? System.currentTimeMillis() : before.startedMs();
        for (TendedPool pool : pools.all()) {
            if (ledger.fault().isPresent() || !duty.getAsBoolean()) {
                // The view may not know all that the journal says.
                return;
            }
            int id = pool.poolId();
            AuditFindings last = findings().get(id);
            if (before != null && last != null && last.endedMs() >= startedMs) {
                continue;
            }
            long position = ledger.view().appliedPosition();
            UnderWay from =
                    before != null && before.poolId() == id
                            ? before
                            : new UnderWay(startedMs, id, position, AuditMark.BEGINNING);
            keep(audit(pool, from));
        }
        progress.remove();
        devices.trust(pools.all());
        dropStrays();
    }

    /**
     * The audit that was cut off when the process ended before this one, the first time. It does
     * not count where a device missed deletes: all of it has to be looked at then.
     */
    private @Nullable UnderWay takeCutOff() {
        UnderWay found = cutOff;
        cutOff = null;
        long ageMs = found == null ? -1 : System.currentTimeMillis() - found.startedMs();
        boolean fits =
                ageMs >= 0
                        && ageMs < settings.period().toMillis()
                        && pools.all().stream().allMatch(p -> p.unvettedDevices().isEmpty());
        return fits ? found : null;
    }

    /** A device that was away when a pool was removed brings back what it has of it. */
    private void dropStrays() {
        for (int poolId : pools.removed()) {
            long dropped = devices.dropPool(poolId);
            if (dropped > 0) {
                LOG.log(
                        Level.INFO,
                        "dropped {0} copies of pool {1}, which is no more",
                        new Object[] {dropped, poolId});
            }
        }
    }

    /**
     * Whether a device is back that missed deletes: what only it has waits for an audit, and that
     * may be much.
     */
    private boolean isToBeVetted() {
        return System.nanoTime() - lastTurnNanos >= VETTING_PAUSE_NANOS
                && pools.all().stream().anyMatch(pool -> !pool.unvettedDevices().isEmpty());
    }

    private AuditFindings audit(TendedPool pool, UnderWay from) {
        progress.write(from);
        AuditReport report =
                pool.audit(
                        named,
                        settings.grace(),
                        from.mark(),
                        mark -> progress.write(from.at(mark)));
        List<Owner> owners = report.lost() == 0 ? List.of() : owners(report.lostBlobs());
        AuditFindings found =
                new AuditFindings(
                        pool.poolId(),
                        System.currentTimeMillis(),
                        from.journalPosition(),
                        report,
                        owners);
        tell(found);
        return found;
    }

    private List<Owner> owners(List<BlobId> lost) {
        Set<BlobId> sought = new HashSet<>(lost);
        NamespaceView view = ledger.view();
        try (BlobReferences references = view.references()) {
            return references
                    .owners(
                            blob -> sought.contains(NamedBlobs.idOf(blob)),
                            AuditFindings.MAX_OWNERS)
                    .stream()
                    .map(owner -> owner(view, owner))
                    .toList();
        }
    }

    private static Owner owner(NamespaceView view, BlobReferences.Owner owner) {
        return new Owner(
                NamedBlobs.idOf(owner.blob()),
                owner.role().name().toLowerCase(Locale.ROOT),
                view.bucket(owner.bucketId())
                        .map(Bucket::storedName)
                        .orElse("bucket-" + owner.bucketId()),
                owner.key(),
                owner.position(),
                owner.partNumber());
    }

    private void keep(AuditFindings found) throws IOException {
        SortedMap<Integer, AuditFindings> next = new TreeMap<>(findings());
        next.put(found.poolId(), found);
        next.keySet().removeIf(poolId -> pools.find(poolId) == null);
        file.write(next);
        synchronized (turns) {
            findings = Collections.unmodifiableSortedMap(next);
        }
    }

    private static void tell(AuditFindings found) {
        AuditReport report = found.report();
        String text =
                "audit of pool %d: %d blobs, %d leftovers (%d dropped), %d copies owed,"
                        + " %d unreachable, %d lost";
        LOG.log(
                report.lost() > 0 ? Level.SEVERE : Level.INFO,
                () ->
                        text.formatted(
                                found.poolId(),
                                report.heldBlobs(),
                                report.leftovers(),
                                report.droppedLeftovers(),
                                report.repairsOwed(),
                                report.unreachable(),
                                report.lost()));
    }

    /** Waits for the step under way. */
    @Override
    public void close() {
        closing = true;
        synchronized (turns) {
            turns.notifyAll();
        }
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
