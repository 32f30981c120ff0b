package io.varve.placement;

import java.util.Arrays;

/**
 * The devices of one placement group, in order: the first is preferred for reads of replicas, and
 * for fragments each place is the fragment's number. Immutable.
 */
public final class ReplicaSet {
    private final int[] devices;

    /** Takes the array over. */
    ReplicaSet(int[] devices) {
        this.devices = devices;
    }

    /**
     * How many places there are, holes included; fewer than asked for when the map lacks devices.
     */
    public int size() {
        return devices.length;
    }

    /** The device at a place, or {@link CrushMap#NONE} for a hole. */
    public int device(int place) {
        return devices[place];
    }

    public boolean contains(int deviceId) {
        for (int device : devices) {
            if (device == deviceId) {
                return true;
            }
        }
        return false;
    }

    /** Nobody changes it. */
    int[] places() {
        return devices;
    }

    /** The devices without the holes, in a new array. */
    public int[] present() {
        return Arrays.stream(devices).filter(device -> device != CrushMap.NONE).toArray();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplicaSet that && Arrays.equals(devices, that.devices);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(devices);
    }

    @Override
    public String toString() {
        return Arrays.toString(devices);
    }
}
