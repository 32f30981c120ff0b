package io.varve.endpoint.site;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.TendedPool;
import io.varve.devices.pool.DeviceSet;
import io.varve.endpoint.store.Ledger;
import io.varve.journal.record.Attributes;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.Topology;
import io.varve.projections.topology.TopologyView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Tells what keeps a pool from being removed. Safe for use by many threads. */
public final class PoolContents {
    private static final int PAGE = 1000;
    private static final int NAMED_MAX = 5;

    private final Ledger ledger;
    private final TopologyView topology;
    private final SitePools pools;
    private final DeviceSet devices;
    private final InFlightBlobs inFlight;
    private final SetAsideBlobs setAside;

    PoolContents(
            Ledger ledger,
            TopologyView topology,
            SitePools pools,
            DeviceSet devices,
            InFlightBlobs inFlight,
            SetAsideBlobs setAside) {
        this.ledger = ledger;
        this.topology = topology;
        this.pools = pools;
        this.devices = devices;
        this.inFlight = inFlight;
        this.setAside = setAside;
    }

    /**
     * What can be told at once; null for nothing. That nothing names a blob of the pool only {@link
     * #named} tells.
     */
    public @Nullable String hindrance(Pool pool) {
        List<String> buckets = bucketsOf(pool);
        if (!buckets.isEmpty()) {
            return "It is the storage policy of %s: %s."
                    .formatted(counted(buckets.size(), "bucket"), first(buckets));
        }
        AtomicLong coming = new AtomicLong();
        inFlight.forEach(id -> coming.addAndGet(id.poolId() == pool.id() ? 1 : 0));
        if (coming.get() > 0) {
            return counted(coming.get(), "blob") + " of requests under way are in it.";
        }
        List<String> away = away();
        if (!away.isEmpty()) {
            return "What is of it on devices that are not up cannot be told: %s."
                    .formatted(first(away));
        }
        TendedPool open = pools.find(pool.id());
        long held = open == null ? 0 : open.health().blobs();
        return held == 0
                ? null
                : ("%s are in it, of objects or of what the retention window still keeps: move the"
                                + " objects (varve bucket transition --noncurrent), and wait until"
                                + " the window has closed over what was.")
                        .formatted(counted(held, "blob"));
    }

    /** How many blobs of it the journal names. Walks all of the view. */
    public long named(Pool pool) {
        AtomicLong named = new AtomicLong();
        new NamedBlobs(ledger, inFlight, setAside, 1, () -> false)
                .forEach(
                        id -> named.addAndGet(id.poolId() == pool.id() ? 1 : 0),
                        id -> named.addAndGet(id.poolId() == pool.id() ? 1 : 0));
        return named.get();
    }

    private List<String> bucketsOf(Pool pool) {
        List<String> found = new ArrayList<>();
        String after = null;
        List<Bucket> page;
        do {
            page = ledger.view().buckets(null, "", after, PAGE);
            for (Bucket bucket : page) {
                String name = bucket.settings().get(Attributes.STORAGE_CLASS);
                if (name != null && pool.called(name)) {
                    found.add(bucket.storedName());
                }
                after = bucket.storedName();
            }
        } while (page.size() == PAGE);
        return found;
    }

    private List<String> away() {
        Topology now = topology.current();
        return devices.stats().stream()
                .filter(device -> device.state() != DeviceState.UP)
                .map(DeviceStats::deviceId)
                .filter(id -> now.device(id).isPresent())
                .map(id -> "device " + id)
                .toList();
    }

    private static String counted(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String first(List<String> names) {
        String some = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
        return names.size() > NAMED_MAX ? some + ", ..." : some;
    }
}
