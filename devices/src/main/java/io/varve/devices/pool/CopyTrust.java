package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.log.BlobDevice;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Tells which blobs of a pool may be copied: not those that only devices have which missed deletes,
 * unless an audit has looked at these devices since. Safe for use by many threads; one audit at a
 * time tells it what it found.
 */
final class CopyTrust {
    private final PoolMembers members;
    private final Function<BlobId, Collection<BlobDevice>> holders;
    private volatile Vetting vetting = new Vetting(Map.of(), Set.of());

    /**
     * What an audit found.
     *
     * @param logs the devices it has seen all of, with the deletes that they had missed before
     * @param leftovers blobs that should not exist, and are still there
     */
    private record Vetting(Map<BlobDevice, Long> logs, Set<BlobId> leftovers) {}

    /**
     * @param holders the devices that have any of a blob
     */
    CopyTrust(PoolMembers members, Function<BlobId, Collection<BlobDevice>> holders) {
        this.members = members;
        this.holders = holders;
    }

    boolean mayCopy(BlobId blobId) {
        if (members.missedDeletes().none()) {
            return true;
        }
        Vetting now = vetting;
        if (now.leftovers().contains(blobId)) {
            return false;
        }
        Collection<BlobDevice> found = holders.apply(blobId);
        return found.isEmpty() || found.stream().anyMatch(log -> isTrusted(now, log));
    }

    private boolean isTrusted(Vetting now, BlobDevice log) {
        long missed = members.missedDeletes().count(log.deviceId());
        return missed == 0 || now.logs().getOrDefault(log, -1L) == missed;
    }

    /** To be asked before an audit begins, and given back to it at the end. */
    Map<BlobDevice, Long> beforeAudit() {
        Map<BlobDevice, Long> logs = new HashMap<>();
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            if (log != null && member.up()) {
                logs.put(log, members.missedDeletes().count(log.deviceId()));
            }
        }
        return logs;
    }

    /**
     * Takes what an audit found: a device that was up from its beginning to its end has shown all
     * that it holds, so that what of it should not exist is among the leftovers.
     */
    void audited(Map<BlobDevice, Long> before, Set<BlobId> leftovers) {
        Map<BlobDevice, Long> seen = new HashMap<>(before);
        seen.keySet().retainAll(beforeAudit().keySet());
        vetting = new Vetting(Map.copyOf(seen), Set.copyOf(leftovers));
    }

    /** Devices that hold nothing of what they missed, with how many deletes that were. */
    Map<Integer, Long> clean() {
        Vetting now = vetting;
        Map<Integer, Long> clean = new HashMap<>();
        if (now.leftovers().isEmpty()) {
            now.logs().forEach((log, missed) -> clean.put(log.deviceId(), missed));
        }
        return clean;
    }

    /** Devices that are up, missed deletes, and were not looked at since. */
    Set<Integer> unvetted() {
        Vetting now = vetting;
        Set<Integer> unvetted = new TreeSet<>();
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            if (log != null && member.up() && !isTrusted(now, log)) {
                unvetted.add(member.deviceId());
            }
        }
        return unvetted;
    }
}
