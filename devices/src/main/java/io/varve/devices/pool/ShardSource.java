package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.ErasureConfig;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Reads parts of one blob from whichever device has them. Any thread. */
final class ShardSource {
    /** Below that, asking several devices at once costs more than it saves. */
    static final int PARALLEL_BYTES = 64 << 10;

    private static final Executor PARALLEL =
            task -> Thread.ofVirtual().name("varve-shard-read").start(task);

    private final BlobId blobId;
    private final BlobParts parts;
    private final ErasureConfig config;
    private final CopyReader reader;
    private final DeviceListener listener;
    private volatile @Nullable DeviceException failure;

    /** A read of a part from one device. */
    interface Read {
        void run(BlobDevice log, BlobId key);
    }

    ShardSource(
            BlobId blobId,
            BlobParts parts,
            ErasureConfig config,
            CopyReader reader,
            DeviceListener listener) {
        this.blobId = blobId;
        this.parts = parts;
        this.config = config;
        this.reader = reader;
        this.listener = listener;
    }

    BlobParts parts() {
        return parts;
    }

    /** Whether any part that an index names could not be read. */
    boolean failed() {
        return failure != null;
    }

    /** What to tell when too little could be read. */
    DeviceException unreadable() {
        DeviceException cause = failure;
        if (cause instanceof BlobMissingException) {
            // Deleted under the read: nothing that was there is damaged.
            return cause;
        }
        String message =
                "blob %s: %d of %d+%d shards found, fewer than %d could be read"
                        .formatted(
                                blobId,
                                parts.shardCount(),
                                config.scheme().dataShards(),
                                config.scheme().parityShards(),
                                config.scheme().dataShards());
        return new BlobDamagedException(message, cause);
    }

    /**
     * Tries a read on each device that has the part until one succeeds.
     *
     * @param shard the part, -1 for a whole copy
     */
    boolean tryEach(int shard, Read read) {
        BlobId key = ShardPlaces.key(blobId, shard);
        for (BlobDevice log : shard < 0 ? parts.copies() : parts.shards().get(shard)) {
            try {
                read.run(log, key);
                return true;
            } catch (BlobMissingException e) {
                // Deleted, or moved off, since it was looked up.
                failure = failure == null ? e : failure;
            } catch (BlobDamagedException e) {
                if (log.state() != DeviceState.CLOSED) {
                    listener.on(
                            new DeviceEvent.CopyDamaged(
                                    log.deviceId(), blobId, String.valueOf(e.getMessage())));
                }
                failure = e;
            }
        }
        return false;
    }

    /** Fills a buffer with a range of a part; what it held of a failed try is written over. */
    boolean read(int shard, int offset, ByteBuffer into) {
        return tryEach(
                shard,
                (log, key) -> {
                    ByteBuffer target = into.duplicate();
                    while (target.hasRemaining()) {
                        int step = Math.min(target.remaining(), ScratchPool.LARGE_BYTES);
                        int at = offset + target.position() - into.position();
                        if (reader.read(log, key, at, step, target) < step) {
                            throw new BlobDamagedException(
                                    "blob %s on device %d ends before byte %d"
                                            .formatted(key, log.deviceId(), at + step));
                        }
                    }
                });
    }

    /** The tag of any shard that can be read. */
    ShardTag tag() {
        ShardTag[] found = new ShardTag[1];
        for (int shard = 0; shard < parts.shards().size(); shard++) {
            int wanted = shard;
            if (tryEach(shard, (log, key) -> found[0] = tag(log, key, wanted))) {
                return found[0];
            }
        }
        throw requireFailure();
    }

    private DeviceException requireFailure() {
        DeviceException known = failure;
        return known == null ? unreadable() : known;
    }

    private ShardTag tag(BlobDevice log, BlobId key, int shard) {
        ShardTag tag = ShardTag.parse(reader.ownerTag(log, key));
        if (tag == null
                || tag.shard() != shard
                || tag.layout().dataShards() != config.scheme().dataShards()
                || tag.layout().parityShards() != config.scheme().parityShards()) {
            throw new BlobDamagedException(
                    "blob %s on device %d does not say that it is shard %d of %s"
                            .formatted(key, log.deviceId(), shard, config.scheme()));
        }
        return tag;
    }

    /** The length of a whole copy. */
    int copyLengthBytes() {
        for (BlobDevice log : parts.copies()) {
            int length = SetMember.lengthOn(log, blobId);
            if (length >= 0) {
                return length;
            }
        }
        throw new BlobMissingException("blob %s is on no device".formatted(blobId));
    }

    /** The owner's tag of a whole copy. */
    byte[] copyTag() {
        byte[][] found = new byte[1][];
        if (tryEach(-1, (log, key) -> found[0] = reader.ownerTag(log, key))) {
            return found[0];
        }
        throw requireFailure();
    }

    /** From the indexes alone when they name all data shards, else from a shard. */
    ShardLayout layout() {
        int total = 0;
        for (int shard = 0; shard < config.scheme().dataShards(); shard++) {
            int length = lengthBytes(shard);
            if (length < 0) {
                return tag().layout();
            }
            total += length;
        }
        return new ShardLayout(config.scheme().dataShards(), config.scheme().parityShards(), total);
    }

    private int lengthBytes(int shard) {
        BlobId key = ShardPlaces.key(blobId, shard);
        for (BlobDevice log : parts.shards().get(shard)) {
            int length = SetMember.lengthOn(log, key);
            if (length >= 0) {
                return length;
            }
        }
        return -1;
    }

    /** Runs all, several at once when they are large; true for those that did what they should. */
    static List<Boolean> runAll(List<Supplier<Boolean>> reads, int totalBytes) {
        if (reads.size() < 2 || totalBytes < PARALLEL_BYTES) {
            return reads.stream().map(Supplier::get).toList();
        }
        List<CompletableFuture<Boolean>> others =
                reads.stream()
                        .skip(1)
                        .map(read -> CompletableFuture.supplyAsync(read, PARALLEL))
                        .toList();
        Boolean first;
        try {
            first = reads.getFirst().get();
        } finally {
            // Whatever happens, nobody writes into the caller's buffer after this.
            others.forEach(other -> other.handle((done, e) -> done).join());
        }
        return Stream.concat(Stream.of(first), others.stream().map(CompletableFuture::join))
                .toList();
    }
}
