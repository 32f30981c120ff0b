package io.varve.endpoint.site;

import io.varve.devices.pool.DeviceSet;
import io.varve.journal.Journal;
import io.varve.projections.topology.Pool;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What a site has open. Closes it in reverse order, all of it, whatever fails. */
final class SiteParts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SiteParts.class.getName());

    private final UUID id;
    private final SiteReplica replica;
    private final SitePools pools;
    private final PoolBlobs blobs;
    private final SitePlacement placement;
    private final SiteTopology topology;
    private final AuditAgent audits;
    private final PoolContents contents;
    private final DeviceSet deviceSet;
    private final HostLedger ledger;
    private final Openings openings;

    SiteParts(UUID id, SiteReplica replica, Devices devices, HostLedger ledger, Openings openings) {
        this.id = id;
        this.replica = replica;
        this.pools = devices.pools();
        this.blobs = devices.blobs();
        this.placement = devices.placement();
        this.topology = devices.topology();
        this.audits = devices.audits();
        this.contents = devices.contents();
        this.deviceSet = devices.set();
        this.ledger = ledger;
        this.openings = openings;
    }

    record Devices(
            DeviceSet set,
            SitePools pools,
            PoolBlobs blobs,
            SitePlacement placement,
            SiteTopology topology,
            AuditAgent audits,
            PoolContents contents) {}

    /** What was opened so far, in order. Single-threaded. */
    static final class Openings implements AutoCloseable {
        private final Deque<AutoCloseable> opened = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T part) {
            opened.push(part);
            return part;
        }

        @Override
        public void close() {
            while (!opened.isEmpty()) {
                AutoCloseable part = opened.pop();
                try {
                    part.close();
                } catch (Exception e) {
                    LOG.log(Level.WARNING, e, () -> "not closed cleanly: " + part);
                }
            }
        }
    }

    UUID id() {
        return id;
    }

    /** With fewer devices up the default pool takes nothing. */
    int minCopies() {
        return topology.current().pool(Pool.DEFAULT_ID).orElseThrow().put().minCopies();
    }

    PoolContents contents() {
        return contents;
    }

    Journal journal() {
        return replica.journal();
    }

    SiteReplica replica() {
        return replica;
    }

    SitePools pools() {
        return pools;
    }

    PoolBlobs blobs() {
        return blobs;
    }

    SitePlacement placement() {
        return placement;
    }

    SiteTopology topology() {
        return topology;
    }

    AuditAgent audits() {
        return audits;
    }

    DeviceSet deviceSet() {
        return deviceSet;
    }

    HostLedger ledger() {
        return ledger;
    }

    @Override
    public void close() {
        openings.close();
    }
}
