package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads one range of a blob from the first copy that gives it: asks one device after the other, the
 * next one when a copy is missing or damaged, or when its device takes much longer than it used to.
 * Single-threaded: owned by the thread that reads.
 */
final class CopyRace {
    private final BlobId blobId;
    private final CopyReader reader;
    private final CopyReader.Access access;
    private final ByteBuffer target;
    private final DeviceListener listener;
    private final List<CopyReader.Attempt> pending = new ArrayList<>(1);
    private @Nullable DeviceException failure;

    CopyRace(
            BlobId blobId,
            CopyReader reader,
            CopyReader.Access access,
            ByteBuffer target,
            DeviceListener listener) {
        this.blobId = blobId;
        this.reader = reader;
        this.access = access;
        this.target = target;
        this.listener = listener;
    }

    /** Why the last copy that failed did; null when none failed. */
    @Nullable DeviceException failure() {
        return failure;
    }

    /** Returns the bytes put into the target, -1 when no copy gave any. */
    int run(List<BlobDevice> logs) {
        try {
            for (BlobDevice log : logs) {
                int count = reader.readCached(log, access, target);
                if (count < 0) {
                    CopyReader.Attempt attempt = reader.begin(log, access);
                    pending.add(attempt);
                    count = firstOf(attempt, System.nanoTime() + log.patienceNanos());
                }
                if (count >= 0) {
                    return count;
                }
            }
            return lastOf();
        } finally {
            pending.forEach(reader::leave);
        }
    }

    /** Waits for any to succeed; gives up, with -1, when the newest fails or its time is over. */
    private int firstOf(CopyReader.Attempt newest, long untilNanos) {
        while (true) {
            int count = takeDone();
            if (count >= 0 || !pending.contains(newest)) {
                return count;
            }
            long left = Math.min(newest.leftNanos(), untilNanos - System.nanoTime());
            if (left <= 0) {
                return -1;
            }
            LockSupport.parkNanos(this, left);
        }
    }

    /** No other copy is left: waits until all have failed. */
    private int lastOf() {
        while (!pending.isEmpty()) {
            int count = takeDone();
            if (count >= 0) {
                return count;
            }
            for (CopyReader.Attempt each : List.copyOf(pending)) {
                if (!each.done() && each.leftNanos() <= 0) {
                    pending.remove(each);
                    failed(each.log(), each.hangs());
                }
            }
            if (!pending.isEmpty()) {
                LockSupport.parkNanos(this, Math.max(1, pending.getFirst().leftNanos()));
            }
        }
        return -1;
    }

    private int takeDone() {
        for (int i = 0; i < pending.size(); ) {
            CopyReader.Attempt each = pending.get(i);
            if (!each.done()) {
                i++;
                continue;
            }
            pending.remove(i);
            try {
                return each.take(target);
            } catch (DeviceException e) {
                failed(each.log(), e);
            }
        }
        return -1;
    }

    private void failed(BlobDevice log, DeviceException e) {
        if (e instanceof BlobMissingException) {
            // Deleted, or moved off, since it was looked up.
            failure = failure == null ? e : failure;
            return;
        }
        if (e instanceof BlobDamagedException && log.state() != DeviceState.CLOSED) {
            listener.on(
                    new DeviceEvent.CopyDamaged(
                            log.deviceId(), blobId, String.valueOf(e.getMessage())));
        }
        failure = e;
    }
}
