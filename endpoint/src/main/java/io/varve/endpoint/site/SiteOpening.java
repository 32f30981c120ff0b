package io.varve.endpoint.site;

import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEventLogAdapter;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolConfig;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.pool.DeviceFilesOpener;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.pool.ReplicatedPool;
import io.varve.endpoint.site.SiteParts.Devices;
import io.varve.endpoint.site.SiteParts.Openings;
import io.varve.endpoint.store.ExpiryAgent;
import io.varve.endpoint.store.JournaledStore;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.SpaceGuard;
import io.varve.endpoint.store.WindowAgent;
import io.varve.endpoint.store.WindowConfig;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.namespace.ViewEvent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Opens a site's parts: the devices beside the journal and the view. Used once. */
final class SiteOpening {
    private static final Logger LOG = Logger.getLogger(SiteOpening.class.getName());
    private static final Executor BESIDE =
            task -> Thread.ofPlatform().name("varve-open-devices").daemon().start(task);

    /** Bounds one record's and one turn's work to some milliseconds. */
    private static final int WINDOW_BATCH = 500;

    private static final int EXPIRY_BATCH = 200;

    private final SiteConfig config;
    private final DeviceFilesOpener deviceFiles;
    private final Openings openings = new Openings();

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
        SiteIdentity identity = SiteIdentity.of(config.directory());
        SitePlacement placement = PlacementFile.open(config.directory(), config.pool());

        CompletableFuture<DeviceSet> opening =
                CompletableFuture.supplyAsync(() -> openDevices(identity, placement), BESIDE);
        ChronicleJournal journal;
        NamespaceHost host;
        try {
            journal = openings.add(openJournal(identity));
            host = openings.add(openNamespace(journal));
        } catch (RuntimeException e) {
            opening.thenAccept(DeviceSet::close).handle((nothing, failure) -> true).join();
            throw e;
        }
        DeviceSet set = openings.add(await(opening));
        ReplicatedPool pool =
                openings.add(ReplicatedPool.open(poolConfig(), set, placement.current()));
        placement.follow(pool::place);
        if (!identity.started()) {
            identity.startedIn(config.directory());
        }
        PoolBlobs blobs = new PoolBlobs(pool, placement, System::currentTimeMillis);
        return compose(
                identity, journal, new Devices(pool, blobs, placement), new HostLedger(host));
    }

    private EmbeddedSite compose(
            SiteIdentity identity, ChronicleJournal journal, Devices devices, HostLedger ledger) {
        requireNamed(config.store().names(), ledger.view());
        List<Path> watched = new ArrayList<>(config.journalDirectories());
        watched.add(config.viewDirectory());
        SpaceGuard space = SpaceGuard.over(watched, config.lowSpaceBytes());
        JournaledStore store =
                openings.add(new JournaledStore(config.store(), ledger, devices.blobs(), space));
        WindowAgent window =
                new WindowAgent(windowConfig(), ledger, devices.blobs(), SteadyClock.ofSystem());
        ExpiryAgent expiry = new ExpiryAgent(ledger, EXPIRY_BATCH, SteadyClock.ofSystem());
        Housekeeping housekeeping =
                openings.add(new Housekeeping(space, expiry, window, devices.pool()));
        housekeeping.start();
        SiteParts parts =
                new SiteParts(
                        identity.id(),
                        config.pool().minCopies(),
                        journal,
                        devices,
                        ledger,
                        openings);
        return new EmbeddedSite(parts, store, space);
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

    private ChronicleJournal openJournal(SiteIdentity identity) {
        long began = System.nanoTime();
        ChronicleJournal journal = recoverJournal(identity);
        tellOpened("journal", journal.endPosition() + " records", began);
        return journal;
    }

    private ChronicleJournal recoverJournal(SiteIdentity identity) {
        return ChronicleJournal.open(
                JournalConfig.of(config.journalDirectories(), identity.id())
                        .withMayCreate(!identity.started())
                        .withLimits(config.journalLimits()));
    }

    private NamespaceHost openNamespace(ChronicleJournal journal) {
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

    private PoolConfig poolConfig() {
        PoolSettings settings = config.pool();
        return PoolConfig.DEFAULT
                .withCopies(settings.copies(), settings.minCopies())
                .withRepairBytesPerSecond(settings.repairBytesPerSecond());
    }

    private DeviceSet openDevices(SiteIdentity identity, SitePlacement placement) {
        DeviceSetConfig devices =
                new DeviceSetConfig(
                        identity.id(),
                        config.pool().devices().stream().map(this::deviceConfig).toList(),
                        !identity.started());
        DeviceListener log = new DeviceEventLogAdapter();
        long began = System.nanoTime();
        DeviceSet opened =
                DeviceSet.open(
                        devices,
                        event -> {
                            placement.on(event);
                            log.on(event);
                        },
                        deviceFiles);
        long copyCount = opened.stats().stream().mapToLong(DeviceStats::blobCount).sum();
        tellOpened("devices", copyCount + " copies of blobs", began);
        return opened;
    }

    private DeviceConfig deviceConfig(SiteDevice device) {
        PoolSettings settings = config.pool();
        long segmentBytes = settings.segmentSizeBytes();
        WriteLimits writes = WriteLimits.DEFAULT.withHangTimeout(settings.hangTimeout());
        int blobBytesMax = (int) Math.min(writes.maxBlobBytes(), segmentBytes / 4);
        return new DeviceConfig(
                device.id(),
                device.directory(),
                SpaceLimits.DEFAULT
                        .withSegmentSizeBytes(segmentBytes)
                        .withCapacityBytes(device.capacityBytes())
                        .withLowSpaceBytes(settings.lowSpaceBytes()),
                writes.withMaxBlobBytes(blobBytesMax),
                new CompactionPace(
                        CompactionPace.DEFAULT.deadRatio(), settings.compactionBytesPerSecond()));
    }

    private static DeviceSet await(CompletableFuture<DeviceSet> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new SiteException("the devices cannot be opened", e);
        }
    }
}
