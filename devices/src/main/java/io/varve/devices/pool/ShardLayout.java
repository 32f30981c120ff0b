package io.varve.devices.pool;

/**
 * How a blob is cut: data shard i holds the i-th part of its bytes, each as long as the k-th of the
 * blob rounded up, but that the last ones end with the blob. Parity shards are as long as the first
 * data shard. Nothing is padded: a range of the blob is a range of one shard, or of neighbours.
 */
record ShardLayout(int dataShards, int parityShards, int blobBytes) {
    int totalShards() {
        return dataShards + parityShards;
    }

    /** The length of the first data shard and of parity shards. */
    int shardBytes() {
        return (int) ((blobBytes + (dataShards - 1L)) / dataShards);
    }

    /** Where a data shard begins in the blob. */
    int start(int dataShard) {
        return (int) Math.min(blobBytes, (long) dataShard * shardBytes());
    }

    int lengthBytes(int shard) {
        if (shard >= dataShards) {
            return shardBytes();
        }
        return Math.min(blobBytes - start(shard), shardBytes());
    }

    /** The data shard with that byte of the blob. */
    int shardOf(int offset) {
        return offset / shardBytes();
    }
}
