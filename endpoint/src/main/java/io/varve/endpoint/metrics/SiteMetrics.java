package io.varve.endpoint.metrics;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.endpoint.site.CompressionCounts;
import io.varve.endpoint.site.EmbeddedSite;

import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleFunction;

/** The figures of a site: journal, view, devices. */
public final class SiteMetrics {
    private SiteMetrics() {}

    public static void register(Metrics metrics, EmbeddedSite site) {
        metrics.gauge(
                "varve_ready",
                "1 while the site can serve reads and writes.",
                () -> site.health().ready() ? 1 : 0);
        metrics.gauge(
                "varve_journal_position",
                "Position of the last durable record.",
                () -> site.health().journalPosition());
        metrics.gauge(
                "varve_view_position",
                "Position of the last record applied.",
                () -> site.health().viewPosition());
        metrics.gauge(
                "varve_view_lag_records",
                "Durable records not applied yet.",
                () -> Math.max(0, lag(site)));
        metrics.gauge(
                "varve_low_space",
                "1 while writes are refused because journal or view are short of space.",
                () -> site.health().lowSpace() ? 1 : 0);
        metrics.gauge(
                "varve_blob_deficits",
                "Blobs known to have fewer good copies than wanted.",
                () -> site.health().deficitCount());
        metrics.gauge(
                "varve_write_memory_leased_bytes",
                "Memory held by bodies on their way in.",
                site::writeMemoryLeasedBytes);
        PoolMetrics.register(metrics, site);
        registerCompression(metrics, site);
        registerDevices(new DeviceFigures(metrics, site));
    }

    private static void registerCompression(Metrics metrics, EmbeddedSite site) {
        compression(
                metrics,
                site,
                "varve_compression_content_bytes_total",
                "Content of blobs that were stored compressed, by pool.",
                CompressionCounts::contentBytes);
        compression(
                metrics,
                site,
                "varve_compression_stored_bytes_total",
                "What is stored for this content, once.",
                CompressionCounts::storedBytes);
        compression(
                metrics,
                site,
                "varve_compression_incompressible_blobs_total",
                "Blobs that were tried and stored as they are, by pool.",
                CompressionCounts::incompressible);
    }

    private static void compression(
            Metrics metrics,
            EmbeddedSite site,
            String name,
            String help,
            ToDoubleFunction<CompressionCounts> figure) {
        metrics.counters(
                name,
                help,
                "pool",
                into -> {
                    var pools = site.topology().current().pools();
                    site.compression()
                            .forEach(
                                    (id, counts) -> {
                                        var pool = pools.get(id);
                                        if (pool != null) {
                                            into.accept(pool.name(), figure.applyAsDouble(counts));
                                        }
                                    });
                });
    }

    private static long lag(EmbeddedSite site) {
        var health = site.health();
        return health.journalPosition() - health.viewPosition();
    }

    private static void registerDevices(DeviceFigures devices) {
        devices.gauge(
                "varve_device_up",
                "1 while the device takes reads and writes.",
                device -> device.state() == DeviceState.UP ? 1 : 0);
        devices.gauge(
                "varve_device_segment_bytes",
                "What the device's segments take on media.",
                DeviceStats::segmentBytes);
        devices.gauge(
                "varve_device_live_bytes",
                "Of these, records still needed.",
                DeviceStats::liveBytes);
        devices.gauge(
                "varve_device_dead_bytes",
                "Of these, what compaction can win back.",
                DeviceStats::deadBytes);
        devices.gauge(
                "varve_device_writable_bytes",
                "What writes may still add.",
                DeviceStats::writableBytes);
        devices.gauge(
                "varve_device_used_share",
                "How much of the device's room is taken, from 0 to 1.",
                DeviceStats::usedShare);
        devices.gauge(
                "varve_device_fullness",
                "0 with room, 1 nearly full, 2 full: it takes no new blobs.",
                device -> device.fullness().ordinal());
        devices.gauge("varve_device_blobs", "Blobs on the device.", DeviceStats::blobCount);
        devices.gauge(
                "varve_device_queued_bytes",
                "Payload that waits to be written.",
                DeviceStats::queuedBytes);
        devices.gauge(
                "varve_device_read_seconds",
                "How long reads that wait for the device take of late.",
                device -> device.speed().readMicros() / 1e6);
        devices.gauge(
                "varve_device_batch_seconds",
                "How long a group of writes and its sync takes of late.",
                device -> device.speed().batchMicros() / 1e6);
        devices.gauge(
                "varve_device_slow",
                "1 while reads avoid the device because it is slow.",
                device -> device.speed().slow() ? 1 : 0);
        devices.counter(
                "varve_device_written_bytes_total",
                "Payload written.",
                device -> device.traffic().writtenBytes());
        devices.counter(
                "varve_device_read_bytes_total",
                "Payload read.",
                device -> device.traffic().readBytes());
        devices.counter(
                "varve_device_syncs_total",
                "Groups of records that shared one sync.",
                device -> device.traffic().batches());
        devices.counter(
                "varve_device_damaged_reads_total",
                "Copies found not to match their checksums.",
                device -> device.traffic().damagedReads());
        devices.counter(
                "varve_device_compacted_bytes_total",
                "Live bytes moved by compaction.",
                device -> device.traffic().compactedBytes());
    }

    private record DeviceFigures(Metrics metrics, EmbeddedSite site) {
        void gauge(String name, String help, ToDoubleFunction<DeviceStats> figure) {
            metrics.gauges(name, help, "device", into -> collect(into, figure));
        }

        void counter(String name, String help, ToDoubleFunction<DeviceStats> figure) {
            metrics.counters(name, help, "device", into -> collect(into, figure));
        }

        private void collect(ObjDoubleConsumer<String> into, ToDoubleFunction<DeviceStats> figure) {
            for (DeviceStats device : site.devices()) {
                into.accept(Integer.toString(device.deviceId()), figure.applyAsDouble(device));
            }
        }
    }
}
