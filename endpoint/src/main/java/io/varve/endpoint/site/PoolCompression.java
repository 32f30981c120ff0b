package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobPool;
import io.varve.devices.compress.BlobCompression;
import io.varve.projections.topology.TopologyView;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Compresses blobs of pools that ask for it, and reads what is compressed, whatever the pool asks
 * for by now: the blob's id tells. Safe for use by many threads.
 */
final class PoolCompression {
    private static final String ZSTD = "zstd";

    private final TopologyView view;
    private final BlobCompression compression = new BlobCompression();
    private final Map<Integer, CompressionCounts> counts = new ConcurrentHashMap<>();

    PoolCompression(TopologyView view) {
        this.view = view;
    }

    /** The payload to store instead of the content; null when it is to be stored as it is. */
    @Nullable BlobPayload compress(int poolId, ByteBuffer content) {
        boolean asked =
                view.current()
                        .pool(poolId)
                        .filter(pool -> pool.put().compression().equals(ZSTD))
                        .isPresent();
        if (!asked) {
            return null;
        }
        BlobPayload payload = compression.compress(content);
        CompressionCounts done =
                payload == null
                        ? new CompressionCounts(0, 0, 0, 1)
                        : new CompressionCounts(1, content.remaining(), payload.lengthBytes(), 0);
        counts.merge(poolId, done, CompressionCounts::and);
        return payload;
    }

    /** Fills the target with content of a blob that is stored compressed. */
    void read(BlobPool pool, BlobId id, int offset, ByteBuffer target) {
        compression.read(
                new BlobCompression.Stored() {
                    @Override
                    public int lengthBytes() {
                        return pool.lengthBytes(id);
                    }

                    @Override
                    public void read(int at, ByteBuffer stored) {
                        pool.read(id, at, stored);
                    }
                },
                offset,
                target);
    }

    /** Since the site was opened, by pool. */
    Map<Integer, CompressionCounts> counts() {
        return new TreeMap<>(counts);
    }
}
