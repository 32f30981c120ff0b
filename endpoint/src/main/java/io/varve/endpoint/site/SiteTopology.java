package io.varve.endpoint.site;

import io.varve.devices.DeviceStats;
import io.varve.devices.pool.DeviceSet;
import io.varve.journal.record.TopologyChange;
import io.varve.placement.CrushMap;
import io.varve.placement.PlacementMap;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyRefusal;
import io.varve.projections.topology.TopologyView;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The site's devices, pools and placement map as an operator sees and changes them. Safe for use by
 * many threads.
 */
public final class SiteTopology {
    private final TopologyView view;
    private final TopologyChanges changes;
    private final TopologyAgent agent;
    private final DeviceSet devices;
    private final DeviceConfigs configs;
    private final DeviceNews news;

    SiteTopology(
            TopologyView view, TopologyChanges changes, TopologyAgent agent, OpenDevices open) {
        this.view = view;
        this.changes = changes;
        this.agent = agent;
        this.devices = open.set();
        this.configs = open.configs();
        this.news = open.news();
    }

    /** As of every change that was answered. */
    public Topology current() {
        return view.current();
    }

    /**
     * The home sets of a pool, by a map that may be another than the topology's.
     *
     * @throws io.varve.placement.CrushMapException when the map lacks the pool's rule
     */
    public static PlacementMap homes(Topology topology, CrushMap map, Pool pool) {
        return SitePlacement.homes(topology, map, pool);
    }

    /** Up to which length a pool of shards keeps blobs as whole copies. */
    public static int copiedBytesMax(Pool pool) {
        return SitePools.copiedBytesMax(pool);
    }

    /**
     * Appends a change; on return it is durable and the view has it, and is being carried out.
     *
     * @param principal who asked for it
     * @return why it did not take effect; null when it did
     * @throws io.varve.endpoint.store.StoreException when the journal takes nothing at present
     * @throws IllegalArgumentException when it cannot be a record, e.g. a text is too long
     */
    public @Nullable TopologyRefusal change(String principal, TopologyChange change) {
        return changes.make(principal, change);
    }

    /**
     * Waits until what was changed before has been carried out: devices opened or let go of, and
     * placement followed.
     *
     * @return whether it came to that in time
     */
    public boolean settle(Duration timeout) {
        return agent.settle(timeout);
    }

    /** Has a device that is down opened again without delay. */
    public void reopen(int deviceId) {
        agent.reopen(deviceId);
    }

    /** Figures of the devices that are open or should be, by id. */
    public List<DeviceStats> stats() {
        return devices.stats();
    }

    /** Why a device is not up, as far as is known. */
    public Optional<String> trouble(int deviceId) {
        return news.trouble(deviceId);
    }

    /** Where a device lives. */
    public Path directory(Device device) {
        return configs.directory(device.put());
    }
}
