package io.varve.devices.pool;

import io.varve.devices.log.BlobDevice;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the records of a blob are, by the indexes of the devices: whole copies of a small one, or
 * the shards of a larger one.
 *
 * @param copies logs that have a whole copy, the better ones first
 * @param shards for each shard the logs that have it, the better ones first
 * @param placed whether each is on the device it is written to now
 */
record BlobParts(List<BlobDevice> copies, List<List<BlobDevice>> shards, boolean placed) {
    boolean whole() {
        return !copies.isEmpty();
    }

    /** All logs that have any of it. */
    List<BlobDevice> holders() {
        List<BlobDevice> holders = new ArrayList<>(copies);
        shards.forEach(holders::addAll);
        return holders;
    }

    /** How many different shards there are. */
    int shardCount() {
        return (int) shards.stream().filter(logs -> !logs.isEmpty()).count();
    }

    boolean absent() {
        return copies.isEmpty() && shardCount() == 0;
    }
}
