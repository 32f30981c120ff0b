package io.varve.projections.rocks;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.CompressionType;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.TablePropertiesCollectorFactory;

import java.util.List;

/** RocksDB's options for a view, and the native objects they refer to. */
final class RocksSettings implements AutoCloseable {
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int BLOCK_SIZE_BYTES = 8 * 1024;
    private static final int METADATA_BLOCK_SIZE_BYTES = 4 * 1024;
    private static final long SHARD_SIZE_BYTES = 4L * 1024 * 1024;

    /** Of the cache: blocks of indexes and filters, which rows read in passing may not push out. */
    private static final double METADATA_SHARE = 0.5;

    /**
     * A file is compacted early when among so many neighbouring rows this many are removals: a
     * listing that starts before a run of deleted keys has to walk over it.
     */
    private static final int REMOVAL_WINDOW = 1024;

    private static final int REMOVALS_IN_WINDOW = 512;
    private static final double REMOVALS_IN_FILE = 0.5;

    private final Cache cache;
    private final BloomFilter filter = new BloomFilter(BLOOM_BITS_PER_KEY, false);
    private final TablePropertiesCollectorFactory removals =
            TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                    REMOVAL_WINDOW, REMOVALS_IN_WINDOW, REMOVALS_IN_FILE);
    private final Options options = new Options();

    RocksSettings(RocksConfig config) {
        cache =
                new LRUCache(
                        config.blockCacheSizeBytes(), shardBits(config), false, METADATA_SHARE);
        options.setCreateIfMissing(true)
                .setWriteBufferSize(config.memtableSizeBytes())
                .setMaxWriteBufferNumber(RocksConfig.MEMTABLE_COUNT_MAX)
                .setMaxOpenFiles(config.openFileCountMax())
                .setMaxBackgroundJobs(config.backgroundThreadCount())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setLevelCompactionDynamicLevelBytes(true)
                .setParanoidChecks(true)
                .setTableFormatConfig(tableFormat())
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1024L * 1024)
                .setStatsDumpPeriodSec(0);
        options.setTablePropertiesCollectorFactory(List.of(removals));
    }

    /** A shard is locked as a whole, and holds many times the largest block there may be. */
    private static int shardBits(RocksConfig config) {
        long shards = Math.max(1, config.blockCacheSizeBytes() / SHARD_SIZE_BYTES);
        return Math.min(6, Long.SIZE - 1 - Long.numberOfLeadingZeros(shards));
    }

    /**
     * Indexes and filters count against the cache: that is what bounds them. They are cut into
     * blocks of their own, since the filter of a whole table file is larger than a shard of the
     * cache and would be read, and its checksum computed, for each key that is looked up.
     */
    private BlockBasedTableConfig tableFormat() {
        return new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setBlockSize(BLOCK_SIZE_BYTES)
                .setFilterPolicy(filter)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setIndexType(IndexType.kTwoLevelIndexSearch)
                .setPartitionFilters(true)
                .setMetadataBlockSize(METADATA_BLOCK_SIZE_BYTES)
                .setPinTopLevelIndexAndFilter(true)
                .setFormatVersion(5);
    }

    Options options() {
        return options;
    }

    @Override
    public void close() {
        options.close();
        removals.close();
        filter.close();
        cache.close();
    }
}
