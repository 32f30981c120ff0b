package io.varve.devices;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.UUID;

/**
 * How one device is kept.
 *
 * @param deviceId its number in the placement map
 * @param host the storage host that has it; null for this process
 * @param directory where it lives; one directory per device. On another host, as seen from there
 * @param uuid what its label has to say; null when that is not known
 */
public record DeviceConfig(
        int deviceId,
        @Nullable HostAddress host,
        Path directory,
        SpaceLimits space,
        WriteLimits writes,
        CompactionPace compaction,
        @Nullable UUID uuid) {
    public DeviceConfig {
        Requirement.that(deviceId >= 0, "deviceId must not be negative", deviceId);
        Requirement.that(
                writes.maxBlobBytes() <= space.segmentSizeBytes() / 4,
                "maxBlobBytes must be at most a quarter of a segment",
                writes.maxBlobBytes());
    }

    /** The defaults, each of which a {@code with} method changes. */
    public static DeviceConfig of(int deviceId, Path directory) {
        return new DeviceConfig(
                deviceId,
                null,
                directory,
                SpaceLimits.DEFAULT,
                WriteLimits.DEFAULT,
                CompactionPace.DEFAULT,
                null);
    }

    public DeviceConfig withHost(@Nullable HostAddress address) {
        return new DeviceConfig(deviceId, address, directory, space, writes, compaction, uuid);
    }

    public DeviceConfig withDirectory(Path place) {
        return new DeviceConfig(deviceId, host, place, space, writes, compaction, uuid);
    }

    public DeviceConfig withSpace(SpaceLimits limits) {
        return new DeviceConfig(deviceId, host, directory, limits, writes, compaction, uuid);
    }

    public DeviceConfig withWrites(WriteLimits limits) {
        return new DeviceConfig(deviceId, host, directory, space, limits, compaction, uuid);
    }

    public DeviceConfig withCompaction(CompactionPace pace) {
        return new DeviceConfig(deviceId, host, directory, space, writes, pace, uuid);
    }

    public DeviceConfig withUuid(@Nullable UUID labelUuid) {
        return new DeviceConfig(deviceId, host, directory, space, writes, compaction, labelUuid);
    }
}
