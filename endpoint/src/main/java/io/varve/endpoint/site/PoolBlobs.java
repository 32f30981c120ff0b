package io.varve.endpoint.site;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobWritten;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.InsufficientCopiesException;
import io.varve.devices.PoolFullException;
import io.varve.devices.TendedPool;
import io.varve.devices.pool.DeviceSet;
import io.varve.endpoint.store.Blobs;
import io.varve.endpoint.store.StorageClasses;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Lets the store use the pools, and steers new blobs away from devices that are down. */
final class PoolBlobs implements Blobs {
    /**
     * Each attempt may meet devices that fail only then; more than the devices of a replica set do
     * not fail one after the other.
     */
    private static final int ATTEMPTS_MAX = 4;

    /**
     * While few devices are full another id most likely names a group that has room; nothing of a
     * refused attempt was written.
     */
    private static final int FULL_ATTEMPTS_MAX = 16;

    /** A new attempt may have to wait for room in a device's queue, which its thread must not. */
    private static final Executor OFF_DEVICE_THREADS =
            task -> Thread.ofVirtual().name("varve-write-again").start(task);

    private final SitePools pools;
    private final PoolClasses classes;
    private final DeviceSet devices;
    private final SitePlacement placement;
    private final InFlightBlobs inFlight;
    private final PoolCompression compression;
    private final LongSupplier clockMs;

    PoolBlobs(
            SitePools pools,
            DeviceSet devices,
            SitePlacement placement,
            PoolClasses classes,
            InFlightBlobs inFlight,
            PoolCompression compression,
            LongSupplier clockMs) {
        this.inFlight = inFlight;
        this.pools = pools;
        this.classes = classes;
        this.compression = compression;
        this.devices = devices;
        this.placement = placement;
        this.clockMs = clockMs;
    }

    @Override
    public StorageClasses classes() {
        return classes;
    }

    @Override
    public CompletableFuture<BlobId> write(int poolId, ByteBuffer content, byte[] owner) {
        BlobPayload compressed;
        try {
            compressed = compression.compress(poolId, content);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(told(e));
        }
        boolean smaller = compressed != null;
        return attempt(
                new NewBlob(
                        () ->
                                BlobId.create(
                                        clockMs.getAsLong(),
                                        poolId,
                                        smaller,
                                        ThreadLocalRandom.current()),
                        compressed == null ? BlobPayload.of(content) : compressed,
                        owner,
                        true),
                new Attempts(ATTEMPTS_MAX, FULL_ATTEMPTS_MAX));
    }

    /**
     * How often it may be tried, this time included.
     *
     * @param failing when devices fail under it
     * @param full when devices have no room
     */
    private record Attempts(int failing, int full) {
        Attempts afterFailing() {
            return new Attempts(failing - 1, full);
        }

        Attempts afterFull() {
            return new Attempts(failing, full - 1);
        }
    }

    /**
     * Writes a blob that has its id already, from another site.
     *
     * @param payload as it is stored there, compressed if the id says so
     */
    CompletableFuture<BlobId> writeAs(BlobId id, byte[] payload, byte[] owner) {
        // The id names the group: another attempt finds the same devices full.
        return attempt(
                new NewBlob(() -> id, BlobPayload.of(payload), owner, false),
                new Attempts(ATTEMPTS_MAX, 1));
    }

    /** Whether a blob is there, as far as can be told at present. */
    boolean has(BlobId id, int contentBytes) {
        try {
            int length = pool(id).lengthBytes(id);
            return id.compressed() || length == contentBytes;
        } catch (DeviceException | StoreException e) {
            return false;
        }
    }

    /**
     * The payload of a compressed blob as it is stored.
     *
     * @throws DeviceException when no good copy can be read
     */
    byte[] stored(BlobId id) {
        TendedPool pool = pool(id);
        ByteBuffer stored = ByteBuffer.allocate(pool.lengthBytes(id));
        pool.read(id, 0, stored);
        return stored.array();
    }

    /**
     * What each attempt writes.
     *
     * @param ids of each attempt
     * @param undecided whether no record names it yet, so that a closed pool need not take it
     */
    private record NewBlob(
            Supplier<BlobId> ids, BlobPayload payload, byte[] owner, boolean undecided) {}

    private CompletableFuture<BlobId> attempt(NewBlob blob, Attempts attempts) {
        long epoch = placement.epoch();
        BlobId id = blob.ids().get();
        CompletableFuture<BlobWritten> written;
        // First: whoever removes the pool sees the blob, unless this sees that it was closed.
        inFlight.begin(id);
        try {
            if (blob.undecided() && !classes.takesBlobs(id.poolId())) {
                throw new StoreException(
                        Category.UNAVAILABLE, "pool %d takes no blobs".formatted(id.poolId()));
            }
            written = pool(id).write(id, blob.payload(), blob.owner());
        } catch (RuntimeException e) {
            inFlight.end(id);
            return CompletableFuture.failedFuture(told(e));
        }
        return written.whenComplete((done, failure) -> endIfFailed(id, failure))
                .thenApply(BlobWritten::blobId)
                .exceptionallyComposeAsync(
                        failure -> again(blob, attempts, failure, epoch), OFF_DEVICE_THREADS);
    }

    private CompletableFuture<BlobId> again(
            NewBlob blob, Attempts attempts, Throwable failure, long epoch) {
        if (attempts.full > 1 && cause(failure) instanceof PoolFullException) {
            return attempt(blob, attempts.afterFull());
        }
        if (attempts.failing > 1 && avoidable(failure, epoch)) {
            return attempt(blob, attempts.afterFailing());
        }
        return CompletableFuture.failedFuture(told(failure));
    }

    private void endIfFailed(BlobId id, @Nullable Throwable failure) {
        if (failure != null) {
            inFlight.end(id);
        }
    }

    /** Blobs of which it is not certain yet what becomes of them. */
    int inFlightCount() {
        return inFlight.count();
    }

    @Override
    public void settled(Collection<BlobId> ids) {
        inFlight.end(ids);
    }

    /** Whether devices failed under the write that a new attempt would not choose. */
    private boolean avoidable(Throwable failure, long epoch) {
        if (!(cause(failure) instanceof InsufficientCopiesException)) {
            return false;
        }
        placement.observe(devices.stats());
        return placement.epoch() != epoch;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    private static StoreException told(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof StoreException told) {
            return told;
        }
        Category category =
                cause instanceof PoolFullException ? Category.FULL : Category.UNAVAILABLE;
        return new StoreException(category, String.valueOf(cause.getMessage()), cause);
    }

    @Override
    public byte[] owner(BlobId id) {
        try {
            return pool(id).ownerTag(id);
        } catch (DeviceException e) {
            throw unread(e);
        }
    }

    @Override
    public void read(BlobId id, int offset, ByteBuffer target) {
        try {
            if (id.compressed()) {
                compression.read(pool(id), id, offset, target);
            } else {
                pool(id).read(id, offset, target);
            }
        } catch (DeviceException e) {
            throw unread(e);
        }
    }

    private StoreException unread(DeviceException failure) {
        // A copy may be on a device that is away and come back with it.
        boolean allUp =
                devices.stats().stream()
                        .map(DeviceStats::state)
                        .allMatch(state -> state == DeviceState.UP);
        return new StoreException(
                allUp ? Category.LOST : Category.UNAVAILABLE,
                String.valueOf(failure.getMessage()),
                failure);
    }

    /** What compression did since the site was opened, by pool. */
    Map<Integer, CompressionCounts> compression() {
        return compression.counts();
    }

    @Override
    public void drop(Collection<BlobId> ids) {
        List<? extends CompletableFuture<?>> dropped =
                ids.stream()
                        .filter(id -> !classes.removed(id.poolId()))
                        .map(id -> pool(id).delete(id))
                        .toList();
        try {
            CompletableFuture.allOf(dropped.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw told(e);
        }
    }

    private TendedPool pool(BlobId id) {
        TendedPool pool = pools.find(id.poolId());
        if (pool == null) {
            throw new StoreException(
                    Category.UNAVAILABLE, "blob %s is of a pool that is not open".formatted(id));
        }
        return pool;
    }
}
