package io.varve.endpoint.admin;

import io.varve.endpoint.site.SiteTopology;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushText;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyRefusal;

import java.time.Duration;

/** Changes on an operator's behalf. Whoever makes several that belong together holds its lock. */
final class TopologyEdits {
    /** Opening a device with many blobs takes its time. */
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(25);

    private final SiteTopology site;

    TopologyEdits(SiteTopology site) {
        this.site = site;
    }

    Topology current() {
        return site.current();
    }

    Device device(int id) {
        return current().device(id).orElseThrow(() -> AdminRefusal.notFound("device " + id));
    }

    CrushMap map() {
        return CrushText.parse(current().map());
    }

    /**
     * @param what the change is about, for the error
     * @throws AdminRefusal when it does not take effect
     */
    void make(AdminCall call, TopologyChange change, String what) {
        TopologyRefusal refusal = site.change(call.principal(), change);
        if (refusal != null) {
            throw AdminRefusal.of(refusal, what);
        }
    }

    /** Puts a map that was made from the one of that epoch. */
    void place(AdminCall call, long mapEpoch, CrushMap map) {
        make(call, new ChangePlacementMap(mapEpoch, CrushText.write(map)), "placement map");
    }

    /**
     * Waits until all of it is carried out, though not for ever.
     *
     * @return whether it is
     */
    boolean settle() {
        return site.settle(SETTLE_TIMEOUT);
    }
}
