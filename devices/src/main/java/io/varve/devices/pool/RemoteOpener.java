package io.varve.devices.pool;

import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;
import io.varve.devices.log.BlobDevice;

import java.util.UUID;

/** Opens devices that other hosts have. */
@FunctionalInterface
public interface RemoteOpener {
    /** For a set whose devices are all in this process. */
    RemoteOpener NONE =
            (device, siteId, format, listener) -> {
                throw new DeviceFailedException(
                        "device %d is on host %s, but this site has no cluster"
                                .formatted(device.deviceId(), device.host()));
            };

    /**
     * Opens a device; one whose host cannot be reached is away, and comes back by itself.
     *
     * @param listener is told when the device is back, and when it is away or has failed
     * @param format whether an empty or absent directory becomes a new device
     * @throws DeviceException when its host says that it does not come up
     */
    BlobDevice open(DeviceConfig device, UUID siteId, boolean format, DeviceListener listener);
}
