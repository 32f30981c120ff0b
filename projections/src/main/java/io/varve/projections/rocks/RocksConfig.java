package io.varve.projections.rocks;

/**
 * How much native memory and how many threads a view's RocksDB takes.
 *
 * @param blockCacheSizeBytes what blocks, indexes and filters read from files may take together
 * @param memtableSizeBytes what is written before it is brought to media, per memtable; there are
 *     {@link #MEMTABLE_COUNT_MAX} at the most
 * @param openFileCountMax how many table files are kept open
 * @param backgroundThreadCount flushes and compactions that run at once
 */
public record RocksConfig(
        long blockCacheSizeBytes,
        long memtableSizeBytes,
        int openFileCountMax,
        int backgroundThreadCount) {

    /** One that is written, one that is being flushed, one in between. */
    static final int MEMTABLE_COUNT_MAX = 3;

    private static final long MEBIBYTE = 1024 * 1024;

    public static final RocksConfig DEFAULT = new RocksConfig(64 * MEBIBYTE, 16 * MEBIBYTE, 512, 2);

    public RocksConfig {
        requireAtLeast("blockCacheSizeBytes", blockCacheSizeBytes, MEBIBYTE);
        requireAtLeast("memtableSizeBytes", memtableSizeBytes, 64 * 1024);
        requireAtLeast("openFileCountMax", openFileCountMax, 16);
        requireAtLeast("backgroundThreadCount", backgroundThreadCount, 1);
    }

    private static void requireAtLeast(String name, long value, long min) {
        if (value < min) {
            throw new IllegalArgumentException(name + " is " + value + ", at least " + min);
        }
    }

    /** The native memory this may take: cache and memtables (iterators pin a little beyond). */
    public long nativeMemoryMaxBytes() {
        return blockCacheSizeBytes + MEMTABLE_COUNT_MAX * memtableSizeBytes;
    }
}
