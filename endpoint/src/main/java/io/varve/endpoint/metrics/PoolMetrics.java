package io.varve.endpoint.metrics;

import io.varve.devices.BackfillProgress;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolHealth;
import io.varve.endpoint.site.AuditFindings;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.projections.topology.Pool;

import java.util.Map;
import java.util.SortedMap;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The figures of each pool: how whole it is, what backfill still has to do, what audits found. */
final class PoolMetrics {
    private final Metrics metrics;
    private final EmbeddedSite site;

    private PoolMetrics(Metrics metrics, EmbeddedSite site) {
        this.metrics = metrics;
        this.site = site;
    }

    static void register(Metrics metrics, EmbeddedSite site) {
        PoolMetrics pools = new PoolMetrics(metrics, site);
        pools.registerHealth();
        pools.registerCapacity();
        pools.registerBackfill();
        pools.registerAudits();
    }

    private void registerHealth() {
        health("varve_pool_blobs", "Blobs that some device is known to have.", PoolHealth::blobs);
        health("varve_pool_bytes", "Payload of the copies or shards.", PoolHealth::bytes);
        health(
                "varve_pool_degraded_copies",
                "Copies or shards that a device should have and cannot give.",
                PoolHealth::degradedCopies);
        health(
                "varve_pool_misplaced_copies",
                "Copies or shards on devices where they do not belong.",
                PoolHealth::misplacedCopies);
        health(
                "varve_pool_undersized_groups",
                "Placement groups for which the map names too few devices.",
                PoolHealth::undersizedGroups);
        health(
                "varve_pool_unreachable_blobs",
                "Blobs that cannot be read from the devices that are up.",
                PoolHealth::unreachableBlobs);
        health(
                "varve_pool_lost_blobs",
                "Blobs that the last audit found on no device.",
                PoolHealth::lostBlobs);
    }

    private void registerCapacity() {
        gauge(
                "varve_pool_usable_bytes",
                "What the pool could hold if it had its devices alone.",
                site::capacity,
                PoolCapacity::usableBytes);
        gauge(
                "varve_pool_available_bytes",
                "What may still be written until the first of its devices is full.",
                site::capacity,
                PoolCapacity::availableBytes);
        gauge(
                "varve_pool_fullness",
                "0 with room, 1 nearly full, 2 full: writes are refused.",
                site::capacity,
                capacity -> capacity.fullness().ordinal());
    }

    private void registerBackfill() {
        gauge(
                "varve_backfill_bytes_remaining",
                "Payload still to be copied to where it belongs.",
                site::backfill,
                BackfillProgress::bytesRemaining);
        metrics.counters(
                "varve_backfill_copied_bytes_total",
                "Payload copied to where it belongs.",
                "pool",
                into -> collect(into, site::backfill, BackfillProgress::copiedBytes));
    }

    private void registerAudits() {
        metrics.gauge(
                "varve_audit_running",
                "1 while an audit is under way.",
                () -> site.audit().running() ? 1 : 0);
        audit(
                "varve_audit_end_time_seconds",
                "When the last audit ended, in seconds since 1970.",
                found -> found.endedMs() / 1e3);
        audit(
                "varve_audit_leftover_blobs",
                "Blobs that nothing names, as the last audit found.",
                found -> found.report().leftovers() - found.report().droppedLeftovers());
        audit(
                "varve_audit_unreachable_blobs",
                "Blobs that only devices that are away can have, as the last audit found.",
                found -> found.report().unreachable());
    }

    private void health(String name, String help, ToDoubleFunction<PoolHealth> figure) {
        gauge(name, help, site::poolHealth, figure);
    }

    private void audit(String name, String help, ToDoubleFunction<AuditFindings> figure) {
        gauge(name, help, () -> site.audit().findings(), figure);
    }

    private <T> void gauge(
            String name,
            String help,
            Supplier<SortedMap<Integer, T>> byPool,
            ToDoubleFunction<T> figure) {
        metrics.gauges(name, help, "pool", into -> collect(into, byPool, figure));
    }

    private <T> void collect(
            ObjDoubleConsumer<String> into,
            Supplier<SortedMap<Integer, T>> byPool,
            ToDoubleFunction<T> figure) {
        Map<Integer, Pool> pools = site.topology().current().pools();
        byPool.get()
                .forEach(
                        (id, value) -> {
                            Pool pool = pools.get(id);
                            if (pool != null) {
                                into.accept(pool.name(), figure.applyAsDouble(value));
                            }
                        });
    }
}
