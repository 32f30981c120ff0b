package io.varve.placement;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Where the blobs of one pool are, at one {@code mapEpoch}: a CRUSH map, the pool's rule and number
 * of replicas, the reweights, and the placement groups.
 *
 * <p>Immutable and safe for any thread. The replica set of each group is computed at its first use
 * and kept, so a lookup is one hash and one array read; a change of anything makes a new map.
 */
public final class PlacementMap {
    private final long mapEpoch;
    private final CrushMap map;
    private final int ruleId;
    private final int replicas;
    private final Reweights reweights;
    private final PlacementGroups groups;

    // Two threads may compute the same entry; both come to equal sets, so either may stay.
    private final AtomicReferenceArray<ReplicaSet> setByGroup;

    /**
     * @param replicas how many devices a replica set should have
     * @throws IllegalArgumentException when the map has no such rule or the count is out of range
     */
    public PlacementMap(
            long mapEpoch,
            CrushMap map,
            int ruleId,
            int replicas,
            Reweights reweights,
            PlacementGroups groups) {
        this.mapEpoch = mapEpoch;
        this.map = map;
        this.ruleId = ruleId;
        this.replicas = replicas;
        this.reweights = reweights;
        this.groups = groups;
        setByGroup = new AtomicReferenceArray<>(groups.count());
        setByGroup.set(0, computed(0));
    }

    /** The replica set of a blob, its id given as two halves. */
    public ReplicaSet of(long blobIdHigh, long blobIdLow) {
        return ofGroup(groups.groupOf(blobIdHigh, blobIdLow));
    }

    /** The replica set of a placement group, 0 to {@code groups().count() - 1}. */
    public ReplicaSet ofGroup(int group) {
        ReplicaSet known = setByGroup.get(group);
        if (known != null) {
            return known;
        }
        ReplicaSet computed = computed(group);
        setByGroup.set(group, computed);
        return computed;
    }

    private ReplicaSet computed(int group) {
        int x = groups.input(group);
        return new ReplicaSet(map.map(ruleId, x, replicas, reweights, groups.poolId()));
    }

    /**
     * The groups whose replica set is another than in a map with as many groups: what backfill has
     * to look at after a change.
     */
    public IntStream groupsThatDiffer(PlacementMap other) {
        if (other.groups.count() != groups.count()) {
            throw new IllegalArgumentException(
                    "placement group counts differ: "
                            + groups.count()
                            + ", "
                            + other.groups.count());
        }
        return IntStream.range(0, groups.count())
                .filter(group -> !ofGroup(group).equals(other.ofGroup(group)));
    }

    public long mapEpoch() {
        return mapEpoch;
    }

    public CrushMap map() {
        return map;
    }

    public int ruleId() {
        return ruleId;
    }

    /** How many devices a replica set should have. */
    public int replicas() {
        return replicas;
    }

    public Reweights reweights() {
        return reweights;
    }

    public PlacementGroups groups() {
        return groups;
    }
}
