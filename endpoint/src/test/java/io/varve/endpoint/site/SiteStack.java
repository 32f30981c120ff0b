package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.pool.DeviceFilesOpener;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.StoreConfig;
import io.varve.endpoint.store.WindowAgent;
import io.varve.endpoint.store.WindowConfig;
import io.varve.journal.chronicle.JournalLimits;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A whole site in a directory, small enough that segments and cycles come and go in a test. */
final class SiteStack implements StoreUnderTest, AutoCloseable {
    static final int SEGMENT_SIZE_BYTES = 1 << 20;
    static final int BLOB_SIZE_BYTES = 16 << 10;

    private final DeviceFilesOpener devices;
    private SiteConfig config;
    private EmbeddedSite site;

    SiteStack(SiteConfig config) {
        this(config, DeviceFilesOpener::onDisk);
    }

    SiteStack(SiteConfig config, DeviceFilesOpener devices) {
        this.config = config;
        this.devices = devices;
        this.site = EmbeddedSite.open(config, devices);
    }

    static SiteConfig small(Path directory) {
        SiteConfig config = SiteConfig.of(directory);
        return config.withPool(
                        config.pool().withSegmentSizeBytes(SEGMENT_SIZE_BYTES).withLowSpaceBytes(0))
                .withJournalLimits(
                        new JournalLimits(
                                256 << 10, 256 << 10, 64 << 10, 256, 64 << 10, 1024, 256, 1 << 20,
                                10_000, 100))
                .withStore(new StoreConfig(BLOB_SIZE_BYTES, 8 << 20, 4 << 20, 10_000, 2))
                .withLowSpaceBytes(0);
    }

    EmbeddedSite site() {
        return site;
    }

    @Override
    public ObjectStore store() {
        return site.store();
    }

    @Override
    public void restart() {
        site.close();
        reopen();
    }

    /** Opens a site that was closed. */
    void reopen() {
        site = EmbeddedSite.open(config, devices);
    }

    /** Closes and opens with another configuration. */
    void reopen(SiteConfig newConfig) {
        config = newConfig;
        restart();
    }

    SiteConfig config() {
        return config;
    }

    @Override
    public void forgetHistory() {
        // Record time may be a little ahead of the clock.
        long later =
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis())
                        + TimeUnit.HOURS.toMicros(1);
        WindowAgent agent =
                new WindowAgent(
                        new WindowConfig(0, 0, 100), site.ledger(), site.blobs(), () -> later);
        while (agent.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public Map<BlobId, Integer> blobs() {
        Map<BlobId, Integer> copies = new HashMap<>();
        for (DeviceStats device : site.devices()) {
            if (device.state() == DeviceState.UP) {
                site.pool()
                        .list(
                                device.deviceId(),
                                (blob, length) -> copies.merge(blob, 1, Integer::sum));
            }
        }
        return copies;
    }

    @Override
    public void close() {
        site.close();
    }
}
