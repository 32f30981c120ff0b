package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceScrub;
import io.varve.devices.DeviceState;
import io.varve.devices.ScrubMode;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.Pacer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Reads a pool's blobs of one device, slowly, to find rot before a reader does. Single-threaded.
 */
final class ScrubSession {
    private final BlobDevice log;
    private final int poolId;
    private final ScrubMode mode;
    private final CopyReader reader;
    private final Consumer<BlobId> damaged;
    private final Pacer pacer;
    private final DeviceListener listener;
    private final ByteBuffer chunk = ByteBuffer.allocate(ScratchPool.LARGE_BYTES);
    private long checkedBlobs;
    private long checkedBytes;
    private long damagedBlobs;

    /**
     * @param damaged takes what the device knows a damaged blob or shard by
     */
    ScrubSession(
            BlobDevice log,
            int poolId,
            ScrubMode mode,
            CopyReader reader,
            Consumer<BlobId> damaged,
            Pacer pacer,
            DeviceListener listener) {
        this.log = log;
        this.poolId = poolId;
        this.mode = mode;
        this.reader = reader;
        this.damaged = damaged;
        this.pacer = pacer;
        this.listener = listener;
    }

    /** Reads all blobs. */
    void run(CompletableFuture<DeviceScrub> result) {
        try {
            for (int part = 0; part < DeviceLog.partCount(); part++) {
                part(part);
            }
            log.repairLabel();
            log.repairSegments();
            result.complete(result());
        } catch (RuntimeException | IOException e) {
            result.completeExceptionally(e);
        }
    }

    /** Reads one part of the blobs. */
    void part(int part) {
        log.list(part, this::check);
    }

    DeviceScrub result() {
        return new DeviceScrub(log.deviceId(), checkedBlobs, checkedBytes, damagedBlobs);
    }

    private void check(BlobId blobId, int lengthBytes) {
        if (blobId.poolId() != poolId) {
            return;
        }
        try {
            long began = System.nanoTime();
            reader.ownerTag(log, blobId);
            pacer.moved(log.deviceId(), DeviceFiles.BLOCK_BYTES, System.nanoTime() - began);
            if (mode == ScrubMode.DEEP) {
                readAll(blobId, lengthBytes);
                checkedBytes += lengthBytes;
            }
            checkedBlobs++;
        } catch (BlobMissingException e) {
            // Deleted since it was listed: nothing to check.
            return;
        } catch (DeviceAwayException e) {
            throw e;
        } catch (DeviceException e) {
            if (log.state() != DeviceState.UP) {
                throw e;
            }
            damagedBlobs++;
            listener.on(
                    new DeviceEvent.CopyDamaged(
                            log.deviceId(), blobId, String.valueOf(e.getMessage())));
            damaged.accept(blobId);
        }
    }

    private void readAll(BlobId blobId, int lengthBytes) {
        for (int offset = 0; offset < lengthBytes; offset += chunk.capacity()) {
            int step = Math.min(lengthBytes - offset, chunk.capacity());
            long began = System.nanoTime();
            reader.read(log, blobId, offset, step, chunk.clear());
            pacer.moved(log.deviceId(), step, System.nanoTime() - began);
        }
    }
}
