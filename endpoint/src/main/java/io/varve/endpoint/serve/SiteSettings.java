package io.varve.endpoint.serve;

import io.varve.devices.BackfillPace;
import io.varve.devices.CompactionPace;
import io.varve.devices.FillLimits;
import io.varve.devices.ScrubPace;
import io.varve.endpoint.config.DeviceSettings;
import io.varve.endpoint.config.UpkeepConfig;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.site.ClusterMembership;
import io.varve.endpoint.site.KafkaJournalSettings;
import io.varve.endpoint.site.PoolSettings;
import io.varve.endpoint.site.PoolSettings.FailureDomainKind;
import io.varve.endpoint.site.RetentionSettings;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.site.SiteDevice;
import io.varve.endpoint.site.UpkeepSettings;
import io.varve.endpoint.store.NameScope;
import io.varve.endpoint.store.StoreConfig;
import io.varve.endpoint.tls.ClusterAuthority;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.rocks.RocksConfig;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;

/** What the configuration says of a site, in the site's own words. */
final class SiteSettings {
    private SiteSettings() {}

    static SiteConfig of(VarveConfig config) {
        RocksConfig rocks = RocksConfig.DEFAULT;
        return new SiteConfig(
                config.dataDirectory(),
                config.journalDirectories(),
                kafka(config.kafka()),
                config.cluster() == null ? null : new ClusterMembership(tls(config.cluster())),
                JournalLimits.DEFAULT,
                config.viewDirectory(),
                new RocksConfig(
                        config.view().cacheBytes(),
                        config.view().writeBufferBytes(),
                        rocks.openFileCountMax(),
                        rocks.backgroundThreadCount()),
                new NamespaceConfig(
                        NamespaceConfig.DEFAULT.batchRecordCountMax(),
                        config.view().flushRecords()),
                pool(config),
                store(config.store()),
                new RetentionSettings(config.retention().window(), config.retention().dropGrace()),
                upkeep(config.upkeep()),
                config.journalLowSpaceBytes());
    }

    /** What this process speaks to others of its cluster with. */
    static SSLContext tls(VarveConfig.ClusterSettings cluster) {
        return ClusterAuthority.context(cluster.certificate(), cluster.key(), cluster.authority());
    }

    private static @Nullable KafkaJournalSettings kafka(VarveConfig.@Nullable KafkaSettings kafka) {
        return kafka == null
                ? null
                : new KafkaJournalSettings(
                        kafka.bootstrap(),
                        kafka.topic(),
                        kafka.replicas(),
                        kafka.minInSyncReplicas(),
                        kafka.timeout(),
                        kafka.client());
    }

    private static PoolSettings pool(VarveConfig config) {
        VarveConfig.PoolSettings pool = config.pool();
        return new PoolSettings(
                config.devices().stream().map(SiteSettings::device).toList(),
                pool.name(),
                pool.copies(),
                pool.minCopies(),
                pool.failureDomain().equals("host")
                        ? FailureDomainKind.HOST
                        : FailureDomainKind.DEVICE,
                pool.segmentSizeBytes(),
                pool.lowSpaceBytes(),
                new CompactionPace(
                        share(pool.compactionDeadPercent()), pool.compactionBytesPerSecond()),
                pool.repairBytesPerSecond(),
                pool.hangTimeout(),
                pool.downOutInterval());
    }

    private static UpkeepSettings upkeep(UpkeepConfig upkeep) {
        return new UpkeepSettings(
                new BackfillPace(
                        upkeep.backfillBytesPerSecond(),
                        share(upkeep.backfillBusyPercent()),
                        share(upkeep.deviceTimePercent())),
                new ScrubPace(
                        upkeep.scrubLightPeriod(),
                        upkeep.scrubDeepPeriod(),
                        upkeep.scrubBytesPerSecond(),
                        share(upkeep.scrubBusyPercent()),
                        share(upkeep.deviceTimePercent())),
                new UpkeepSettings.Audit(
                        upkeep.auditPeriod(), upkeep.auditGrace(), share(upkeep.auditPercent())),
                new FillLimits(share(upkeep.nearFullPercent()), share(upkeep.fullPercent())));
    }

    private static double share(int percent) {
        return percent / 100.0;
    }

    private static SiteDevice device(DeviceSettings device) {
        return new SiteDevice(
                device.id(),
                device.host(),
                device.deviceClass(),
                device.weight(),
                device.storage(),
                device.directory(),
                device.capacityBytes().orElse(Long.MAX_VALUE));
    }

    private static StoreConfig store(VarveConfig.StoreSettings store) {
        StoreConfig byHeap = StoreConfig.forHeap(Runtime.getRuntime().maxMemory());
        long write = store.writeMemoryBytes().orElse(byHeap.writeMemoryBytes());
        return new StoreConfig(
                store.blobSizeBytes(),
                Math.max(write, store.blobSizeBytes()),
                store.readMemoryBytes().orElse(byHeap.readMemoryBytes()),
                store.memoryWait().toMillis(),
                byHeap.blobsInFlightMax(),
                store.namesByProject() ? NameScope.ACCOUNT : NameScope.SITE);
    }
}
