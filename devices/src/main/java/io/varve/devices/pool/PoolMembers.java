package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.PoolFullException;
import io.varve.devices.PoolPlacement;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The devices of the set as one pool sees them: which of them a blob belongs on. Safe for use by
 * many threads; the placement is swapped as a whole.
 */
final class PoolMembers {
    private final DeviceSet devices;
    private volatile PoolPlacement placement;

    PoolMembers(DeviceSet devices, PoolPlacement placement) {
        this.devices = devices;
        this.placement = placement;
    }

    /**
     * Logs that have a copy, the better ones first.
     *
     * @param whole whether each device of the target has one
     */
    record Holders(List<BlobDevice> logs, boolean whole) {}

    void place(PoolPlacement next) {
        placement = next;
    }

    PoolPlacement placement() {
        return placement;
    }

    /** Whether this process looks after the pool by itself at present. */
    boolean onDuty() {
        return devices.onDuty();
    }

    /** Returns once the tallies of all devices can be read. */
    void awaitCounts() {
        devices.awaitCounts();
    }

    MissedDeletes missedDeletes() {
        return devices.missedDeletes();
    }

    Collection<SetMember> all() {
        return devices.members();
    }

    @Nullable SetMember find(int deviceId) {
        return devices.find(deviceId);
    }

    SetMember require(int deviceId) {
        return devices.require(deviceId);
    }

    /** Where a new blob is written, the preferred device first; unknown ones left out. */
    List<SetMember> target(BlobId blobId) {
        PoolPlacement now = placement;
        return members(now.target(now.groupOf(blobId.high(), blobId.low())));
    }

    /**
     * Why a new blob is not to be written, before any of it is: a device of its target is full.
     * Room that only repairs may use is left on it. Null when it may be.
     */
    @Nullable PoolFullException refusal(BlobId blobId) {
        PoolPlacement now = placement;
        int[] target = now.target(now.groupOf(blobId.high(), blobId.low()));
        SetMember full = CapacityView.fullDevice(this, target);
        return full == null
                ? null
                : new PoolFullException(
                        "device %d is full: %.1f %% of its room is taken"
                                .formatted(full.deviceId(), 100 * full.stats().usedShare()));
    }

    /** Where the map wants a blob. */
    List<SetMember> home(BlobId blobId) {
        PoolPlacement now = placement;
        return members(now.home(now.groupOf(blobId.high(), blobId.low())));
    }

    /** The target, and what is up of home beside it: where a repair puts copies. */
    List<SetMember> wanted(BlobId blobId) {
        List<SetMember> wanted = target(blobId);
        for (SetMember member : home(blobId)) {
            if (member.up() && !wanted.contains(member)) {
                wanted.add(member);
            }
        }
        return wanted;
    }

    /** All that may have been given a copy: home and the target, be they up or not. */
    List<SetMember> belonging(BlobId blobId) {
        List<SetMember> belonging = target(blobId);
        for (SetMember member : home(blobId)) {
            if (!belonging.contains(member)) {
                belonging.add(member);
            }
        }
        return belonging;
    }

    List<SetMember> members(int[] ids) {
        List<SetMember> members = new ArrayList<>(ids.length);
        for (int id : ids) {
            SetMember member = id < 0 ? null : devices.find(id);
            if (member != null) {
                members.add(member);
            }
        }
        return members;
    }

    /**
     * The logs that have a copy, the better ones first: of the target and of home before others,
     * those up before failed ones, of which what can be read is still good.
     */
    Holders holders(BlobId blobId) {
        List<SetMember> target = target(blobId);
        List<BlobDevice> holders = new ArrayList<>(target.size());
        addHolders(blobId, target, true, holders);
        boolean whole = holders.size() == target.size() && !target.isEmpty();
        if (whole) {
            slowLast(holders);
        } else {
            addHolders(blobId, home(blobId), true, holders);
            addHolders(blobId, all(), true, holders);
            addHolders(blobId, all(), false, holders);
        }
        return new Holders(holders, whole);
    }

    /** Asks devices that are slow of late only when the others fail. */
    private static void slowLast(List<BlobDevice> logs) {
        boolean anySlow = false;
        for (BlobDevice log : logs) {
            anySlow |= log.slow();
        }
        if (anySlow) {
            logs.sort(Comparator.comparing(BlobDevice::slow));
        }
    }

    private static void addHolders(
            BlobId blobId, Collection<SetMember> members, boolean up, List<BlobDevice> holders) {
        for (SetMember member : members) {
            BlobDevice log = member.log();
            if (log != null
                    && member.up() == up
                    && !holders.contains(log)
                    && member.holds(blobId)) {
                holders.add(log);
            }
        }
    }
}
