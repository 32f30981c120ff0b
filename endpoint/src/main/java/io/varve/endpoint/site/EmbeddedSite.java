package io.varve.endpoint.site;

import io.varve.devices.BackfillProgress;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolHealth;
import io.varve.devices.ScrubProgress;
import io.varve.devices.TendedPool;
import io.varve.devices.pool.DeviceFilesOpener;
import io.varve.devices.pool.DeviceSet;
import io.varve.endpoint.store.JournaledStore;
import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.transition.TransitionAgent;
import io.varve.journal.Journal;
import io.varve.journal.RecordReader;
import io.varve.placement.CrushMap;
import io.varve.projections.identity.IdentityView;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A site in one process: journal, devices and view, and the store on top of them. Safe for use by
 * many threads.
 *
 * <p>It opens with whatever devices come up and goes on without those that fail. It does not open
 * without its journal. What was acknowledged before it was closed, or before the process ended in
 * whatever way, is there when it is opened again.
 */
public final class EmbeddedSite implements AutoCloseable {
    private final SiteParts parts;
    private final JournaledStore store;
    private final SpaceGuard space;
    private final TransitionAgent transitions;

    EmbeddedSite(
            SiteParts parts, JournaledStore store, SpaceGuard space, TransitionAgent transitions) {
        this.transitions = transitions;
        this.parts = parts;
        this.store = store;
        this.space = space;
    }

    /**
     * Opens a site; an empty directory becomes a new one.
     *
     * @throws SiteException when the directory is in use, not a site's, or cannot be used
     * @throws io.varve.journal.JournalException when the journal cannot be used
     */
    public static EmbeddedSite open(SiteConfig config) {
        return open(config, DeviceFilesOpener::onDisk);
    }

    /** With a seam for tests that make devices fail. */
    static EmbeddedSite open(SiteConfig config, DeviceFilesOpener deviceFiles) {
        return new SiteOpening(config, deviceFiles).run();
    }

    public ObjectStore store() {
        return store;
    }

    /** Where changes go that are not to objects. */
    public Ledger changes() {
        return parts.ledger();
    }

    /** Who there is, as of every change that was answered. */
    public IdentityView identity() {
        return parts.ledger().identity();
    }

    public UUID id() {
        return parts.id();
    }

    public SiteHealth health() {
        List<DeviceStats> devices = devices();
        int up = 0;
        for (DeviceStats device : devices) {
            if (device.state() == DeviceState.UP) {
                up++;
            }
        }
        return new SiteHealth(
                fault(),
                space.low(),
                up,
                devices.size(),
                parts.minCopies(),
                deficitCount(),
                parts.journal().endPosition(),
                parts.ledger().viewHere().appliedPosition());
    }

    private Optional<String> fault() {
        Optional<String> fault = parts.ledger().fault();
        return fault.isEmpty() && !parts.ledger().journalReachable()
                ? Optional.of("the journal's brokers cannot be reached")
                : fault;
    }

    private int deficitCount() {
        return parts.pools().all().stream().mapToInt(pool -> pool.deficits().size()).sum();
    }

    public List<DeviceStats> devices() {
        return parts.deviceSet().stats();
    }

    /** How whole its pools are at this moment, by id. */
    public SortedMap<Integer, PoolHealth> poolHealth() {
        SortedMap<Integer, PoolHealth> health = new TreeMap<>();
        for (TendedPool pool : parts.pools().all()) {
            int id = pool.poolId();
            health.put(id, pool.health().withLostBlobs(parts.audits().lostBlobs(id)));
        }
        return health;
    }

    /** How much its pools hold and can hold, by id. */
    public SortedMap<Integer, PoolCapacity> capacity() {
        SortedMap<Integer, PoolCapacity> capacity = new TreeMap<>();
        parts.pools().all().forEach(pool -> capacity.put(pool.poolId(), pool.capacity()));
        return capacity;
    }

    /** How far blobs are brought to where they belong, by pool. */
    public SortedMap<Integer, BackfillProgress> backfill() {
        SortedMap<Integer, BackfillProgress> progress = new TreeMap<>();
        parts.pools().all().forEach(pool -> progress.put(pool.poolId(), pool.backfill()));
        return progress;
    }

    /** How far the scrub of each device is, by pool. */
    public SortedMap<Integer, List<ScrubProgress>> scrubs() {
        SortedMap<Integer, List<ScrubProgress>> progress = new TreeMap<>();
        parts.pools().all().forEach(pool -> progress.put(pool.poolId(), pool.scrubs()));
        return progress;
    }

    /** What audits found of late, and whether one is under way. */
    public AuditStatus audit() {
        return parts.audits().status();
    }

    /** What keeps pools from being removed. */
    public PoolContents poolContents() {
        return parts.contents();
    }

    /** Has an audit begin now; does not wait for it. */
    public void startAudit() {
        parts.audits().ask();
    }

    /** Has objects go to another storage class. */
    public TransitionAgent transitions() {
        return transitions;
    }

    /** What compression did since the site was opened, by pool; without pools that have none. */
    public Map<Integer, CompressionCounts> compression() {
        return parts.blobs().compression();
    }

    /** Its devices, pools and placement map, to be seen and changed. */
    public SiteTopology topology() {
        return parts.topology();
    }

    /** Memory of bodies on their way in. */
    public long writeMemoryLeasedBytes() {
        return store.writeMemoryLeasedBytes();
    }

    /** The map that placement follows, devices that are down included. */
    public CrushMap placementMap() {
        return parts.placement().map();
    }

    /** Everything that has happened, from a position on. */
    public RecordReader records(long fromPosition) {
        return parts.journal().read(fromPosition);
    }

    /** The site as one of a pair. */
    public SiteReplica replica() {
        return parts.replica();
    }

    Journal journal() {
        return parts.journal();
    }

    DeviceSet deviceSet() {
        return parts.deviceSet();
    }

    SitePlacement placement() {
        return parts.placement();
    }

    SitePools pools() {
        return parts.pools();
    }

    TendedPool pool() {
        return parts.pools().standard();
    }

    HostLedger ledger() {
        return parts.ledger();
    }

    AuditAgent audits() {
        return parts.audits();
    }

    PoolBlobs blobs() {
        return parts.blobs();
    }

    /**
     * Ends what the site does by itself, makes durable what was taken, and lets go of the files.
     * Requests should have ended before; those that have not fail.
     */
    @Override
    public void close() {
        parts.close();
    }
}
