package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The health of a pool by looking at every copy of every blob. */
final class BruteForceHealth {
    private final PoolPlacement placement;
    private final int wanted;
    private final Set<Integer> up = new HashSet<>();
    private final Map<BlobId, Set<Integer>> holders = new HashMap<>();
    private long copies;
    private long bytes;

    private BruteForceHealth(PoolPlacement placement, int wanted) {
        this.placement = placement;
        this.wanted = wanted;
    }

    static PoolHealth of(DeviceSet devices, PoolPlacement placement, int wanted, long lost) {
        BruteForceHealth count = new BruteForceHealth(placement, wanted);
        for (DeviceStats device : devices.stats()) {
            count.look(devices, device);
        }
        return count.health(lost);
    }

    private void look(DeviceSet devices, DeviceStats device) {
        if (device.state() == DeviceState.MISSING) {
            return;
        }
        boolean isUp = device.state() == DeviceState.UP;
        if (isUp) {
            up.add(device.deviceId());
        }
        devices.list(
                device.deviceId(),
                (blobId, lengthBytes) -> {
                    holders.computeIfAbsent(blobId, id -> new HashSet<>()).add(device.deviceId());
                    copies += isUp ? 1 : 0;
                    bytes += isUp ? lengthBytes : 0;
                });
    }

    private PoolHealth health(long lost) {
        int undersized = 0;
        for (int group = 0; group < placement.groupCount(); group++) {
            undersized += placement.home(group).length < wanted ? 1 : 0;
        }
        long degraded = 0;
        long misplaced = 0;
        long unreachable = 0;
        for (Map.Entry<BlobId, Set<Integer>> blob : holders.entrySet()) {
            Set<Integer> home = new HashSet<>();
            BlobId id = blob.getKey();
            for (int device : placement.home(placement.groupOf(id.high(), id.low()))) {
                home.add(device);
            }
            Set<Integer> reachable = new HashSet<>(blob.getValue());
            reachable.retainAll(up);
            degraded += home.stream().filter(device -> !reachable.contains(device)).count();
            misplaced += reachable.stream().filter(device -> !home.contains(device)).count();
            unreachable += reachable.isEmpty() ? 1 : 0;
        }
        return new PoolHealth(
                placement.epoch(),
                placement.groupCount(),
                undersized,
                holders.size(),
                copies,
                bytes,
                degraded,
                misplaced,
                unreachable,
                lost);
    }
}
