package io.varve.devices.pool;

import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.Pacer;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens one device on a thread of its own, so that one that hangs holds nobody up for ever. */
final class DeviceOpening {
    /** Far beyond what a full device takes; a device that hangs must not stop the site. */
    private static final long OPEN_TIMEOUT_SECONDS = 120;

    private static final Executor THREADS =
            task -> Thread.ofPlatform().name("varve-open").daemon(true).start(task);

    private final DeviceConfig device;
    private final UUID siteId;
    private final DeviceOpeners openers;
    private final DeviceListener listener;
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private final CompletableFuture<BlobDevice> opening;

    private DeviceOpening(
            DeviceConfig device, UUID siteId, DeviceOpeners openers, DeviceListener listener) {
        this.device = device;
        this.siteId = siteId;
        this.openers = openers;
        this.listener = listener;
        this.opening = new CompletableFuture<>();
    }

    /**
     * Begins.
     *
     * @param format whether an empty or absent directory becomes a new device
     */
    static DeviceOpening begin(
            DeviceConfig device,
            UUID siteId,
            boolean format,
            DeviceOpeners openers,
            DeviceListener listener) {
        DeviceOpening begun = new DeviceOpening(device, siteId, openers, listener);
        THREADS.execute(() -> begun.run(format));
        return begun;
    }

    private void run(boolean format) {
        try {
            BlobDevice opened = open(format);
            if (!opening.complete(opened) || givenUp.get()) {
                opened.closeWithin(opened.hangTimeout());
            }
        } catch (RuntimeException | Error e) {
            opening.completeExceptionally(e);
        }
    }

    private BlobDevice open(boolean format) {
        if (device.host() != null) {
            return openers.remote().open(device, siteId, format, listener);
        }
        try {
            return DeviceLog.open(
                    device,
                    openers.files().open(device, format),
                    siteId,
                    format,
                    task -> Thread.ofVirtual().name("varve-device-background").start(task),
                    Pacer.of(device.compaction().bytesPerSecond()),
                    listener);
        } catch (IOException e) {
            throw new DeviceFailedException(e.toString(), e);
        }
    }

    /**
     * The device, which is not started yet.
     *
     * @throws DeviceException when it does not come up
     */
    BlobDevice await() {
        try {
            return opening.get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DeviceException failure) {
                throw failure;
            }
            throw new IllegalStateException(
                    "opening device " + device.deviceId() + " broke an invariant", e.getCause());
        } catch (TimeoutException e) {
            throw giveUp("not open after " + OPEN_TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw giveUp("opening was interrupted");
        }
    }

    private DeviceFailedException giveUp(String reason) {
        DeviceFailedException failure =
                new DeviceFailedException("device " + device.deviceId() + ": " + reason, null);
        if (!opening.completeExceptionally(failure)) {
            givenUp.set(true);
        }
        return failure;
    }
}
