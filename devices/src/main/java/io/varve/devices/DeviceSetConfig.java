package io.varve.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The devices of a site as it starts.
 *
 * @param siteId the site they belong to; a device of another site is refused
 * @param devices all devices known
 * @param formatEmptyDevices whether an empty or absent directory becomes a new device; leave it off
 *     once the site has started, so that a wiped device is noticed and not taken for a new one
 * @param limits from when on devices are full
 */
public record DeviceSetConfig(
        UUID siteId, List<DeviceConfig> devices, boolean formatEmptyDevices, FillLimits limits) {
    public DeviceSetConfig {
        devices = List.copyOf(devices);
        Set<Integer> ids = new HashSet<>();
        for (DeviceConfig device : devices) {
            Requirement.that(
                    ids.add(device.deviceId()), "deviceId is used twice", device.deviceId());
        }
    }

    /** With devices that are full only when they have no room. */
    public DeviceSetConfig(UUID siteId, List<DeviceConfig> devices, boolean formatEmptyDevices) {
        this(siteId, devices, formatEmptyDevices, FillLimits.OFF);
    }

    public DeviceSetConfig withLimits(FillLimits newLimits) {
        return new DeviceSetConfig(siteId, devices, formatEmptyDevices, newLimits);
    }
}
