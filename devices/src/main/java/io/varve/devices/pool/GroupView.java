package io.varve.devices.pool;

import io.varve.devices.PoolPlacement;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.GroupTally;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What the devices hold of each placement group, as their tallies say. Immutable but for the
 * tallies, which go on counting. Made anew for each look.
 */
final class GroupView {
    private final PoolPlacement placement;
    private final List<Counted> counted = new ArrayList<>();

    /** A device that counts. */
    private record Counted(SetMember member, boolean up, GroupTally tally) {
        boolean holdsSameAs(Counted other, int group) {
            return tally.copies(group) == other.tally.copies(group)
                    && tally.fingerprint(group) == other.tally.fingerprint(group);
        }
    }

    GroupView(int poolId, PoolMembers members) {
        this.placement = members.placement();
        members.awaitCounts();
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            GroupTally tally = log == null ? null : log.tally(poolId);
            if (tally != null && tally.groupCount() == placement.groupCount()) {
                counted.add(new Counted(member, member.up(), tally));
            }
        }
    }

    PoolPlacement placement() {
        return placement;
    }

    /** One number for what all devices hold of the group, and which of them are up. */
    long state(int group) {
        long state = 1;
        for (Counted each : counted) {
            int copies = each.tally.copies(group);
            if (copies > 0) {
                long device = each.member.deviceId() * 2L + (each.up ? 1 : 0);
                state = (state * 31 + device) * 0x9E37_79B9_7F4A_7C15L;
                state = (state ^ state >>> 29) * 31 + copies;
                state = state * 0xBF58_476D_1CE4_E5B9L + each.tally.fingerprint(group);
            }
        }
        return state;
    }

    /**
     * How many blobs the group has, if the tallies tell: when every device that has any of it has
     * the same. -1 when the blobs must be looked at.
     */
    long blobs(int group) {
        return blobs(group, group + 1);
    }

    /** The same for groups that should hold parts of the same blobs, from one up to another. */
    long blobs(int from, int to) {
        boolean any = false;
        int copies = 0;
        long fingerprint = 0;
        for (int group = from; group < to; group++) {
            for (Counted each : counted) {
                if (each.tally.copies(group) == 0) {
                    continue;
                }
                if (!any) {
                    any = true;
                    copies = each.tally.copies(group);
                    fingerprint = each.tally.fingerprint(group);
                } else if (copies != each.tally.copies(group)
                        || fingerprint != each.tally.fingerprint(group)) {
                    return -1;
                }
            }
        }
        return copies;
    }

    /**
     * Whether each device of home that is up, in each of the groups, has as many blobs, the same.
     */
    boolean homesAgree(int from, int to) {
        Counted first = null;
        int firstGroup = from;
        for (int group = from; group < to; group++) {
            for (int id : placement.home(group)) {
                Counted each = find(id);
                if (each == null || !each.up) {
                    continue;
                }
                if (first == null) {
                    first = each;
                    firstGroup = group;
                } else if (first.tally.copies(firstGroup) != each.tally.copies(group)
                        || first.tally.fingerprint(firstGroup) != each.tally.fingerprint(group)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether a device that is up has any of the group. */
    boolean reachable(int group) {
        return counted.stream().anyMatch(each -> each.up && each.tally.copies(group) > 0);
    }

    long copies(int group) {
        return counted.stream()
                .filter(Counted::up)
                .mapToLong(each -> each.tally.copies(group))
                .sum();
    }

    /** Of all groups. */
    long copies() {
        long copies = 0;
        for (int group = 0; group < placement.groupCount(); group++) {
            copies += copies(group);
        }
        return copies;
    }

    /** Payload of all copies on devices that are up. */
    long bytes() {
        long bytes = 0;
        for (int group = 0; group < placement.groupCount(); group++) {
            bytes += bytes(group);
        }
        return bytes;
    }

    long bytes(int group) {
        return counted.stream()
                .filter(Counted::up)
                .mapToLong(each -> each.tally.bytes(group))
                .sum();
    }

    /** Copies on devices of home that are up. */
    long homeCopies(int group) {
        long copies = 0;
        for (int id : placement.home(group)) {
            Counted each = find(id);
            copies += each == null || !each.up ? 0 : each.tally.copies(group);
        }
        return copies;
    }

    /** How many devices home names. */
    int homeSize(int group) {
        int size = 0;
        for (int id : placement.home(group)) {
            size += id < 0 ? 0 : 1;
        }
        return size;
    }

    private @Nullable Counted find(int deviceId) {
        for (Counted each : counted) {
            if (each.member.deviceId() == deviceId) {
                return each;
            }
        }
        return null;
    }

    /**
     * The groups for which backfill may find something to do.
     *
     * @param copies how many a blob should have: where home names fewer devices, nothing is dropped
     */
    BitSet unsettled(int copies) {
        BitSet groups = new BitSet(placement.groupCount());
        for (int group = 0; group < placement.groupCount(); group++) {
            groups.set(group, isUnsettled(group, copies));
        }
        return groups;
    }

    boolean isUnsettled(int group, int copies) {
        int[] home = placement.home(group);
        Counted first = null;
        int homeUp = 0;
        for (int id : home) {
            Counted each = find(id);
            if (each == null || !each.up) {
                continue;
            }
            homeUp++;
            if (first == null) {
                first = each;
            } else if (!first.holdsSameAs(each, group)) {
                return true;
            }
        }
        if (first == null) {
            return false;
        }
        // What others hold can be dropped only when all of home is up; until then it matters only
        // when it is more than home has.
        boolean mayDrop = homeUp >= copies && homeUp == homeSize(group);
        for (Counted each : counted) {
            int elsewhere = each.tally.copies(group);
            boolean matters = (mayDrop && each.up) || elsewhere > first.tally.copies(group);
            if (elsewhere > 0 && matters && !contains(home, each.member.deviceId())) {
                return true;
            }
        }
        return false;
    }

    /** As {@link #state}, and with it where the group belongs and what of that is up. */
    long workState(int group) {
        long work = state(group);
        for (int id : placement.home(group)) {
            Counted each = find(id);
            work = work * 31 + id * 2L + (each != null && each.up ? 1 : 0);
        }
        return work;
    }

    static boolean contains(int[] ids, int wanted) {
        for (int id : ids) {
            if (id == wanted) {
                return true;
            }
        }
        return false;
    }

    /** Payload that devices of home still lack, by the largest that any device holds of a group. */
    long lackingBytes(BitSet groups) {
        return groups.stream().mapToLong(group -> lackingBytes(group, group + 1)).sum();
    }

    /** The same for groups that should hold parts of about one size. */
    long lackingBytes(int from, int to) {
        long largest = 0;
        for (int group = from; group < to; group++) {
            for (Counted each : counted) {
                largest = Math.max(largest, each.tally.bytes(group));
            }
        }
        long lacking = 0;
        for (int group = from; group < to; group++) {
            for (int id : placement.home(group)) {
                Counted each = find(id);
                if (each != null && each.up) {
                    lacking += largest - each.tally.bytes(group);
                }
            }
        }
        return lacking;
    }
}
