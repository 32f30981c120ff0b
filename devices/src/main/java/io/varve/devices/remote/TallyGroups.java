package io.varve.devices.remote;

import io.varve.devices.log.GroupTally;

/** Tells how the blobs of a pool fall into groups: the same on every host, and pure. */
@FunctionalInterface
public interface TallyGroups {
    GroupTally.Grouping of(int poolId, int groupCount);
}
