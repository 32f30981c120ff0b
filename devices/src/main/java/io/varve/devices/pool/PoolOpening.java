package io.varve.devices.pool;

import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;
import io.varve.devices.PoolConfig;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.Pacer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens the devices of a pool in parallel; what does not come up in time is left out. */
final class PoolOpening {
    /** Far beyond what a full device takes; a device that hangs must not stop the site. */
    private static final long OPEN_TIMEOUT_SECONDS = 120;

    private final PoolConfig config;
    private final DeviceFilesOpener opener;
    private final DeviceListener listener;
    private final Set<Integer> givenUp = ConcurrentHashMap.newKeySet();

    PoolOpening(PoolConfig config, DeviceFilesOpener opener, DeviceListener listener) {
        this.config = config;
        this.opener = opener;
        this.listener = listener;
    }

    List<PoolMember> run() {
        Executor threads = task -> Thread.ofPlatform().name("varve-open").daemon(true).start(task);
        List<CompletableFuture<DeviceLog>> openings = new ArrayList<>();
        for (DeviceConfig device : config.devices()) {
            openings.add(CompletableFuture.supplyAsync(() -> openUnlessLate(device), threads));
        }
        List<PoolMember> members = new ArrayList<>();
        for (int i = 0; i < openings.size(); i++) {
            members.add(await(config.devices().get(i), openings.get(i)));
        }
        return members;
    }

    private DeviceLog openUnlessLate(DeviceConfig device) {
        DeviceLog log = open(device);
        if (givenUp.contains(device.deviceId())) {
            log.close();
        }
        return log;
    }

    private DeviceLog open(DeviceConfig device) {
        try {
            return DeviceLog.open(
                    device,
                    opener.open(device, config.formatEmptyDevices()),
                    config.siteId(),
                    config.formatEmptyDevices(),
                    task -> Thread.ofVirtual().name("varve-device-background").start(task),
                    Pacer.of(device.compaction().bytesPerSecond()),
                    listener);
        } catch (IOException e) {
            throw new DeviceFailedException(e.toString(), e);
        }
    }

    private PoolMember await(DeviceConfig device, CompletableFuture<DeviceLog> opening) {
        try {
            return new PoolMember(device, opening.get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (!(cause instanceof DeviceException)) {
                throw new IllegalStateException(
                        "opening device " + device.deviceId() + " broke an invariant", cause);
            }
            unavailable(device, String.valueOf(cause.getMessage()));
        } catch (TimeoutException e) {
            givenUp.add(device.deviceId());
            unavailable(device, "not open after " + OPEN_TIMEOUT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unavailable(device, "opening was interrupted");
        }
        return new PoolMember(device, null);
    }

    private void unavailable(DeviceConfig device, String reason) {
        listener.on(new DeviceEvent.Unavailable(device.deviceId(), reason));
    }
}
