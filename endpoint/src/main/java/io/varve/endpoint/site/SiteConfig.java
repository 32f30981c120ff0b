package io.varve.endpoint.site;

import io.varve.endpoint.store.StoreConfig;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.rocks.RocksConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/**
 * What a site in one process consists of. Start from {@link #of} and change what differs.
 *
 * @param directory the site's identity, lock and placement map are in it
 * @param journalDirectories one per mirror
 * @param kafka null for a journal in the directories
 * @param cluster null for a site in one process
 * @param viewDirectory where the views are; can be deleted while the site is closed
 * @param lowSpaceBytes while the file system of journal or view has less, writes are refused
 */
public record SiteConfig(
        Path directory,
        List<Path> journalDirectories,
        @Nullable KafkaJournalSettings kafka,
        @Nullable ClusterMembership cluster,
        JournalLimits journalLimits,
        Path viewDirectory,
        RocksConfig viewStore,
        NamespaceConfig namespace,
        PoolSettings pool,
        StoreConfig store,
        RetentionSettings retention,
        UpkeepSettings upkeep,
        long lowSpaceBytes) {

    /**
     * Journal and view stop later than devices do (1 GiB), so that deletes can be recorded when
     * they share a full disk with devices.
     */
    private static final long LOW_SPACE_DEFAULT_BYTES = 256L << 20;

    public SiteConfig {
        journalDirectories = List.copyOf(journalDirectories);
    }

    /** Everything below one directory, and the defaults. */
    public static SiteConfig of(Path directory) {
        return new SiteConfig(
                directory,
                List.of(directory.resolve("journal")),
                null,
                null,
                JournalLimits.DEFAULT,
                directory.resolve("view"),
                RocksConfig.DEFAULT,
                NamespaceConfig.DEFAULT,
                PoolSettings.nineDevices(directory.resolve("devices")),
                StoreConfig.forHeap(Runtime.getRuntime().maxMemory()),
                RetentionSettings.DEFAULT,
                UpkeepSettings.DEFAULT,
                LOW_SPACE_DEFAULT_BYTES);
    }

    public SiteConfig withKafka(KafkaJournalSettings newKafka) {
        return new SiteConfig(
                directory,
                journalDirectories,
                newKafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                retention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withCluster(@Nullable ClusterMembership membership) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                membership,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                retention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withPool(PoolSettings newPool) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                newPool,
                store,
                retention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withStore(StoreConfig newStore) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                newStore,
                retention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withRetention(RetentionSettings newRetention) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                newRetention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withJournalLimits(JournalLimits newLimits) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                newLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                retention,
                upkeep,
                lowSpaceBytes);
    }

    public SiteConfig withLowSpaceBytes(long bytes) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                retention,
                upkeep,
                bytes);
    }

    public SiteConfig withUpkeep(UpkeepSettings newUpkeep) {
        return new SiteConfig(
                directory,
                journalDirectories,
                kafka,
                cluster,
                journalLimits,
                viewDirectory,
                viewStore,
                namespace,
                pool,
                store,
                retention,
                newUpkeep,
                lowSpaceBytes);
    }
}
