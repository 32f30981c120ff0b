package io.varve.endpoint.site;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps why devices are not up, and wakes who has to do something about it. Safe for use by many
 * threads.
 */
final class DeviceNews implements DeviceListener {
    private static final int REASON_CHARS_MAX = 1000;

    private final Map<Integer, String> troubles = new ConcurrentHashMap<>();
    private volatile Runnable wake = () -> {};

    /** From now on. It must be short. */
    void onNews(Runnable action) {
        wake = action;
    }

    @Override
    public void on(DeviceEvent event) {
        switch (event) {
            case DeviceEvent.Failed failed -> trouble(failed.deviceId(), failed.reason());
            case DeviceEvent.Unavailable gone -> trouble(gone.deviceId(), gone.reason());
            case DeviceEvent.Opened opened -> {
                troubles.remove(opened.deviceId());
                wake.run();
            }
            default -> {
                // The other events leave the device as usable as it was.
            }
        }
    }

    void trouble(int deviceId, String reason) {
        int end = Math.min(reason.length(), REASON_CHARS_MAX);
        troubles.put(deviceId, reason.substring(0, end));
        wake.run();
    }

    void forget(int deviceId) {
        troubles.remove(deviceId);
    }

    /** Why the device is not up, as far as is known. */
    Optional<String> trouble(int deviceId) {
        return Optional.ofNullable(troubles.get(deviceId));
    }
}
