package io.varve.devices;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * How a pool is kept.
 *
 * @param siteId the site its devices belong to; a device of another site is refused
 * @param devices all devices of the pool
 * @param copies how many copies a blob should have
 * @param minCopies with how many durable copies a write may be acknowledged when the others failed
 * @param formatEmptyDevices whether an empty or absent directory becomes a new device; leave it off
 *     once the site has started, so that a wiped device is noticed and not taken for a new one
 * @param repairBytesPerSecond most that background repair and scrub write or read per second
 */
public record PoolConfig(
        UUID siteId,
        List<DeviceConfig> devices,
        int copies,
        int minCopies,
        boolean formatEmptyDevices,
        long repairBytesPerSecond) {
    public static final int MAX_COPIES = 16;

    public PoolConfig {
        devices = List.copyOf(devices);
        Requirement.that(
                copies >= 1 && copies <= MAX_COPIES, "copies must be from 1 to 16", copies);
        Requirement.that(
                minCopies >= 1 && minCopies <= copies,
                "minCopies must be from 1 to copies",
                minCopies);
        Requirement.that(
                repairBytesPerSecond > 0,
                "repairBytesPerSecond must be positive",
                repairBytesPerSecond);
        Set<Integer> ids = new HashSet<>();
        for (DeviceConfig device : devices) {
            Requirement.that(
                    ids.add(device.deviceId()), "deviceId is used twice", device.deviceId());
        }
    }

    /** Three copies, two of which must be durable when a device is lost. */
    public static PoolConfig of(UUID siteId, List<DeviceConfig> devices) {
        return new PoolConfig(siteId, devices, 3, 2, false, 32L << 20);
    }

    public PoolConfig withCopies(int wanted, int minimum) {
        return new PoolConfig(
                siteId, devices, wanted, minimum, formatEmptyDevices, repairBytesPerSecond);
    }

    public PoolConfig withFormatEmptyDevices(boolean format) {
        return new PoolConfig(siteId, devices, copies, minCopies, format, repairBytesPerSecond);
    }

    public PoolConfig withRepairBytesPerSecond(long bytes) {
        return new PoolConfig(siteId, devices, copies, minCopies, formatEmptyDevices, bytes);
    }
}
