package io.varve.devices;

/** Where the copies of a blob belong. Pure: equal ids get equal answers until the map changes. */
@FunctionalInterface
public interface PlacementFunction {
    /** The ids of the devices that hold the copies, the preferred one first; negative = none. */
    int[] replicaSet(long blobIdHigh, long blobIdLow);
}
