package io.varve.devices;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.UUID;

/**
 * How one device is kept.
 *
 * @param deviceId its number in the placement map
 * @param directory where it lives; one directory per device
 * @param uuid what its label has to say; null when that is not known
 */
public record DeviceConfig(
        int deviceId,
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
                directory,
                SpaceLimits.DEFAULT,
                WriteLimits.DEFAULT,
                CompactionPace.DEFAULT,
                null);
    }

    public DeviceConfig withSpace(SpaceLimits limits) {
        return new DeviceConfig(deviceId, directory, limits, writes, compaction, uuid);
    }

    public DeviceConfig withWrites(WriteLimits limits) {
        return new DeviceConfig(deviceId, directory, space, limits, compaction, uuid);
    }

    public DeviceConfig withCompaction(CompactionPace pace) {
        return new DeviceConfig(deviceId, directory, space, writes, pace, uuid);
    }

    public DeviceConfig withUuid(@Nullable UUID labelUuid) {
        return new DeviceConfig(deviceId, directory, space, writes, compaction, labelUuid);
    }
}
