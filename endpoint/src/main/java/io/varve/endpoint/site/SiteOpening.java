package io.varve.endpoint.site;

import io.varve.devices.DeviceEventLogAdapter;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceStats;
import io.varve.devices.pool.DeviceFilesOpener;
import io.varve.devices.pool.DeviceOpeners;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.MissedDeletes;
import io.varve.devices.pool.RemoteOpener;
import io.varve.devices.remote.RemoteHosts;
import io.varve.endpoint.site.SiteParts.Devices;
import io.varve.endpoint.site.SiteParts.Openings;
import io.varve.endpoint.store.ExpiryAgent;
import io.varve.endpoint.store.JournaledStore;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.store.WindowAgent;
import io.varve.endpoint.store.WindowConfig;
import io.varve.endpoint.transition.TransitionAgent;
import io.varve.journal.Journal;
import io.varve.journal.StoredJournal;
import io.varve.placement.CrushMapException;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.namespace.ViewEvent;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyView;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Opens a site's parts: the journal, the view, and the devices that it knows of. Used once. */
final class SiteOpening {
    private static final Logger LOG = Logger.getLogger(SiteOpening.class.getName());

    /** Bounds one record's and one turn's work to some milliseconds. */
    private static final int WINDOW_BATCH = 500;

    private static final int EXPIRY_BATCH = 200;

    /** What is found at the start is recorded before requests come, unless a device hangs. */
    private static final Duration FIRST_PASS_WAIT = Duration.ofSeconds(5);

    private final SiteConfig config;
    private final DeviceFilesOpener deviceFiles;
    private final Openings openings = new Openings();
    private ReplicaState state = ReplicaState.ALONE;
    private BooleanSupplier duty = () -> true;

    SiteOpening(SiteConfig config, DeviceFilesOpener deviceFiles) {
        this.config = config;
        this.deviceFiles = deviceFiles;
    }

    EmbeddedSite run() {
        try {
            return open();
        } catch (IOException e) {
            openings.close();
            throw new SiteException("the site cannot be opened: " + config.directory(), e);
        } catch (RuntimeException e) {
            openings.close();
            throw e;
        }
    }

    private EmbeddedSite open() throws IOException {
        Files.createDirectories(config.directory());
        openings.add(SiteLock.take(config.directory()));
        SiteIdentity identity = identity();
        state =
                new Overtaken(config, identity, SiteOpening::log)
                        .settle(ReplicaState.read(config.directory()));
        StoredJournal journal = openings.add(openJournal(identity));
        NamespaceHost host = openings.add(openNamespace(journal));
        SiteReplica.Writing writing = SiteReplica.Writing.of(journal, host, gate());
        HostLedger ledger = writing.ledger();
        InFlightBlobs inFlight = new InFlightBlobs();
        share(identity, journal, ledger, inFlight);
        NamespaceHost places = hostOfTopology(identity, host);
        TopologyChanges changes =
                new TopologyChanges(places == host ? ledger : new HostLedger(places));
        new TopologyFounding(config, places.topology(), changes).run();

        Topology topology = places.topology().current();
        SitePlacement placement = new SitePlacement();
        place(placement, topology);
        DeviceNews news = new DeviceNews();
        DeviceSet set = openings.add(openDevices(identity, topology, placement, news));
        SitePools pools =
                openings.add(
                        new SitePools(
                                set,
                                placement,
                                config.pool().repairBytesPerSecond(),
                                config.upkeep()));
        pools.keep(topology);
        if (!identity.started()) {
            identity.startedIn(config.directory());
        }
        SiteTopology operated =
                tended(
                        places.topology(),
                        changes,
                        placement,
                        pools,
                        new OpenDevices(set, deviceConfigs(), news));
        SetAsideBlobs setAside = new SetAsideBlobs(config.directory());
        PoolBlobs blobs = blobs(places.topology(), set, placement, pools, inFlight);
        AuditAgent audits =
                new AuditAgent(
                        config.upkeep().audit(),
                        set,
                        pools,
                        ledger,
                        inFlight,
                        setAside,
                        new AuditFile(config.directory()),
                        new AuditProgressFile(config.directory()),
                        duty);
        SiteReplica replica =
                new SiteReplica(config.directory(), state, journal, host, writing, blobs, operated);
        return compose(
                identity,
                replica,
                new Devices(
                        set,
                        pools,
                        blobs,
                        placement,
                        operated,
                        audits,
                        new PoolContents(
                                ledger, places.topology(), pools, set, inFlight, setAside)),
                ledger);
    }

    /** Of a new directory it is that of the site whose processes it joins, if there are any. */
    private SiteIdentity identity() throws IOException {
        SiteIdentity identity = SiteIdentity.of(config.directory());
        KafkaJournalSettings kafka = config.kafka();
        if (config.cluster() == null || kafka == null || identity.started()) {
            return identity;
        }
        UUID site = JournalOpening.siteOf(config, kafka, identity);
        return site.equals(identity.id()) ? identity : SiteIdentity.joins(site, config.directory());
    }

    private void share(
            SiteIdentity identity, Journal journal, HostLedger ledger, InFlightBlobs inFlight) {
        KafkaJournalSettings kafka = config.kafka();
        if (config.cluster() == null) {
            return;
        }
        if (kafka == null || state.peer() != null) {
            throw new SiteException(
                    "processes share a site only when its journal is on Kafka, and it is none of a"
                            + " pair: "
                            + config.directory());
        }
        ledger.share(new SharedJournal(journal, inFlight, config.upkeep().audit().grace()));
        duty = openings.add(JournalOpening.duty(config, kafka, identity))::mine;
    }

    private static PoolBlobs blobs(
            TopologyView topology,
            DeviceSet set,
            SitePlacement placement,
            SitePools pools,
            InFlightBlobs inFlight) {
        return new PoolBlobs(
                pools,
                set,
                placement,
                new PoolClasses(topology, pools),
                inFlight,
                new PoolCompression(topology),
                System::currentTimeMillis);
    }

    /** Starts what keeps devices and records alike. */
    private SiteTopology tended(
            TopologyView topology,
            TopologyChanges changes,
            SitePlacement placement,
            SitePools pools,
            OpenDevices devices) {
        SteadyClock clock = SteadyClock.ofSystem();
        TopologyAgent agent =
                openings.add(
                        new TopologyAgent(
                                topology,
                                changes,
                                placement,
                                pools,
                                devices,
                                new DownOutRule(config.pool().downOutInterval(), clock.getAsLong()),
                                clock,
                                duty));
        agent.start(topology.current());
        agent.settle(FIRST_PASS_WAIT);
        return new SiteTopology(topology, changes, agent, devices);
    }

    private static void place(SitePlacement placement, Topology topology) {
        try {
            placement.update(topology);
        } catch (CrushMapException e) {
            throw new SiteException("the site's placement map cannot be followed: " + e, e);
        }
    }

    private EmbeddedSite compose(
            SiteIdentity identity, SiteReplica replica, Devices devices, HostLedger ledger) {
        requireNamed(config.store().names(), ledger.view());
        List<Path> watched =
                new ArrayList<>(config.kafka() == null ? config.journalDirectories() : List.of());
        watched.add(config.viewDirectory());
        SpaceGuard space = SpaceGuard.over(watched, config.lowSpaceBytes());
        JournaledStore store =
                openings.add(new JournaledStore(config.store(), ledger, devices.blobs(), space));
        WindowAgent window =
                new WindowAgent(windowConfig(), ledger, devices.blobs(), SteadyClock.ofSystem());
        ExpiryAgent expiry = new ExpiryAgent(ledger, EXPIRY_BATCH, SteadyClock.ofSystem());
        Housekeeping housekeeping =
                openings.add(
                        new Housekeeping(
                                space,
                                expiry,
                                window,
                                devices.pools(),
                                () -> replica.writable() && duty.getAsBoolean()));
        housekeeping.start();
        openings.add(devices.audits()).start();
        TransitionAgent transitions =
                openings.add(
                        new TransitionAgent(
                                ledger,
                                devices.blobs(),
                                config.pool().repairBytesPerSecond(),
                                new TransitionsFile(config.directory())));
        transitions.start();
        SiteParts parts = new SiteParts(identity.id(), replica, devices, ledger, openings);
        return new EmbeddedSite(parts, store, space, transitions);
    }

    /** All buckets are named in one scope, so the first tells that of all. */
    private static void requireNamed(NameScope scope, NamespaceView view) {
        for (Bucket bucket : view.buckets(null, "", null, 1)) {
            if (!scope.named(bucket)) {
                throw new SiteException(
                        "the site's buckets have names of another scope than namespace.buckets"
                                + " says; the setting can only be changed while there is no bucket:"
                                + " first bucket="
                                + bucket.storedName());
            }
        }
    }

    private WindowConfig windowConfig() {
        return new WindowConfig(
                TimeUnit.MILLISECONDS.toMicros(config.retention().window().toMillis()),
                TimeUnit.MILLISECONDS.toMicros(config.retention().dropGrace().toMillis()),
                WINDOW_BATCH);
    }

    private StoredJournal openJournal(SiteIdentity identity) {
        long began = System.nanoTime();
        StoredJournal journal = JournalOpening.open(config, identity, mayHaveToFollow());
        tellOpened("journal", journal.endPosition() + " records", began);
        return journal;
    }

    /** One of a pair leads only once it has asked the other one. */
    private boolean mayHaveToFollow() {
        return state.follows() || state.peer() != null;
    }

    private WriteGate gate() {
        WriteGate gate = new WriteGate();
        ReplicaState.Peer peer = state.peer();
        if (state.follows() && peer != null) {
            gate.close(WriteGate.following(peer.url()));
        } else if (peer != null) {
            gate.close(
                    WriteGate.unavailable(
                            "The site has been started and asks the other one, at %s, which of"
                                            .formatted(peer.url())
                                    + " them leads."));
        }
        return gate;
    }

    private NamespaceHost hostOfTopology(SiteIdentity identity, NamespaceHost host) {
        return state.topology() == ReplicaState.Place.LOCAL
                ? openings.add(LocalTopology.open(config, identity.id(), SiteOpening::log)).host()
                : host;
    }

    private NamespaceHost openNamespace(StoredJournal journal) {
        long began = System.nanoTime();
        NamespaceHost host =
                NamespaceHost.open(
                        journal,
                        new ViewDirectory(config.viewDirectory()),
                        config.viewStore(),
                        config.namespace(),
                        SiteOpening::log);
        tellOpened("view", "position " + host.view().appliedPosition(), began);
        return host;
    }

    /** One line per part, so that a slow start says where its time went. */
    private static void tellOpened(String part, String what, long beganNanos) {
        long durationMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
        LOG.info(() -> "opened the " + part + ": " + what + ", " + durationMs + " ms");
    }

    private static void log(ViewEvent event) {
        Level level =
                switch (event) {
                    case ViewEvent.Opened opened -> Level.INFO;
                    case ViewEvent.CaughtUp caughtUp -> Level.INFO;
                    case ViewEvent.SetAside setAside -> Level.WARNING;
                    case ViewEvent.Damaged damaged -> Level.SEVERE;
                    case ViewEvent.Failed failed -> Level.SEVERE;
                };
        LOG.log(level, event::toString);
    }

    private DeviceConfigs deviceConfigs() {
        return new DeviceConfigs(config.directory(), config.pool(), config.cluster() != null);
    }

    private RemoteOpener remoteOpener() {
        ClusterMembership cluster = config.cluster();
        return cluster == null ? RemoteOpener.NONE : openings.add(new RemoteHosts(cluster.tls()));
    }

    private DeviceSet openDevices(
            SiteIdentity identity, Topology topology, SitePlacement placement, DeviceNews news)
            throws IOException {
        MissedDeletes missed =
                new MissedDeletesFile(config.directory())
                        .open(identity.started() ? topology.devices().keySet() : Set.of());
        DeviceConfigs configs = deviceConfigs();
        DeviceSetConfig devices =
                new DeviceSetConfig(
                        identity.id(),
                        topology.devices().values().stream()
                                .map(device -> configs.of(device.put()))
                                .toList(),
                        !identity.started(),
                        config.upkeep().limits());
        DeviceListener log = new DeviceEventLogAdapter();
        long began = System.nanoTime();
        DeviceSet opened =
                DeviceSet.open(
                        devices,
                        event -> {
                            placement.on(event);
                            news.on(event);
                            log.on(event);
                        },
                        new DeviceOpeners(deviceFiles, remoteOpener()),
                        missed);
        opened.onDuty(duty);
        long copyCount = opened.stats().stream().mapToLong(DeviceStats::blobCount).sum();
        tellOpened("devices", copyCount + " copies of blobs", began);
        return opened;
    }
}
