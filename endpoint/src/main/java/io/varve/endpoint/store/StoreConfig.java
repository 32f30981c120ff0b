package io.varve.endpoint.store;

/**
 * The limits of the store.
 *
 * @param blobSizeBytes an object's bytes are cut into blobs of at most this size
 * @param writeMemoryBytes how much memory all bodies on their way in may hold together
 * @param readMemoryBytes how much memory all large ranges on their way out may hold together
 * @param memoryWaitMs how long a request waits for its first buffer before it is told to try again
 * @param blobsInFlightMax how many blobs of one body may be on their way to the devices while the
 *     next one is received
 * @param names within what names of buckets are unique
 */
public record StoreConfig(
        int blobSizeBytes,
        long writeMemoryBytes,
        long readMemoryBytes,
        long memoryWaitMs,
        int blobsInFlightMax,
        NameScope names) {

    private static final int BLOB_SIZE_DEFAULT_BYTES = 4 << 20;
    private static final long MEMORY_MAX_BYTES = 256L << 20;
    private static final long MEMORY_WAIT_DEFAULT_MS = 20_000;
    private static final int BLOBS_IN_FLIGHT_DEFAULT = 2;

    public StoreConfig {
        if (blobSizeBytes < BufferPool.SMALLEST_BYTES) {
            throw new IllegalArgumentException("blob size too small: " + blobSizeBytes);
        }
        if (writeMemoryBytes < blobSizeBytes) {
            throw new IllegalArgumentException(
                    "write memory holds no blob: " + writeMemoryBytes + " < " + blobSizeBytes);
        }
        if (readMemoryBytes < 0 || memoryWaitMs < 0 || blobsInFlightMax < 1) {
            throw new IllegalArgumentException(
                    "store limits: readMemoryBytes=%d, memoryWaitMs=%d, blobsInFlightMax=%d"
                            .formatted(readMemoryBytes, memoryWaitMs, blobsInFlightMax));
        }
    }

    /** Names are unique within the site. */
    public StoreConfig(
            int blobSizeBytes,
            long writeMemoryBytes,
            long readMemoryBytes,
            long memoryWaitMs,
            int blobsInFlightMax) {
        this(
                blobSizeBytes,
                writeMemoryBytes,
                readMemoryBytes,
                memoryWaitMs,
                blobsInFlightMax,
                NameScope.SITE);
    }

    /** A quarter of the heap for bodies coming in, an eighth for ranges going out. */
    public static StoreConfig forHeap(long heapMaxBytes) {
        long write = Math.clamp(heapMaxBytes / 4, 4L * BLOB_SIZE_DEFAULT_BYTES, MEMORY_MAX_BYTES);
        return new StoreConfig(
                BLOB_SIZE_DEFAULT_BYTES,
                write,
                write / 2,
                MEMORY_WAIT_DEFAULT_MS,
                BLOBS_IN_FLIGHT_DEFAULT);
    }
}
