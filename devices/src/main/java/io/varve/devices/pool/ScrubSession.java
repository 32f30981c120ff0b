package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceScrub;
import io.varve.devices.DeviceState;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.Pacer;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Reads every blob of one device, slowly, to find rot before a reader does. */
final class ScrubSession {
    private final DeviceLog log;
    private final CopyReader reader;
    private final int poolId;
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
            DeviceLog log,
            int poolId,
            CopyReader reader,
            Consumer<BlobId> damaged,
            Pacer pacer,
            DeviceListener listener) {
        this.log = log;
        this.reader = reader;
        this.damaged = damaged;
        this.poolId = poolId;
        this.pacer = pacer;
        this.listener = listener;
    }

    void run(CompletableFuture<DeviceScrub> result) {
        try {
            log.list(this::check);
            result.complete(
                    new DeviceScrub(log.deviceId(), checkedBlobs, checkedBytes, damagedBlobs));
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private void check(BlobId blobId, int lengthBytes) {
        if (blobId.poolId() != poolId) {
            return;
        }
        try {
            reader.ownerTag(log, blobId);
            for (int offset = 0; offset < lengthBytes; offset += chunk.capacity()) {
                int step = Math.min(lengthBytes - offset, chunk.capacity());
                reader.read(log, blobId, offset, step, chunk.clear());
                pacer.moved(step);
            }
            checkedBlobs++;
            checkedBytes += lengthBytes;
        } catch (BlobMissingException e) {
            // Deleted since it was listed: nothing to check.
            return;
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
}
