package io.varve.devices.pool;

import io.varve.devices.PoolPlacement;

import java.util.function.IntFunction;

/** A placement of as many groups as a test wants, in which the low bits of an id choose. */
record TestPlacement(
        long epoch, int groupCount, IntFunction<int[]> homes, IntFunction<int[]> targets)
        implements PoolPlacement {
    /** Home and target are the same. */
    static TestPlacement of(int groupCount, IntFunction<int[]> homes) {
        return new TestPlacement(1, groupCount, homes, homes);
    }

    TestPlacement next(IntFunction<int[]> nextHomes, IntFunction<int[]> nextTargets) {
        return new TestPlacement(epoch + 1, groupCount, nextHomes, nextTargets);
    }

    static int groupOf(long low, int groupCount) {
        return (int) Long.remainderUnsigned(low, groupCount);
    }

    @Override
    public int groupOf(long blobIdHigh, long blobIdLow) {
        return groupOf(blobIdLow, groupCount);
    }

    @Override
    public int[] home(int group) {
        return homes.apply(group);
    }

    @Override
    public int[] target(int group) {
        return targets.apply(group);
    }
}
