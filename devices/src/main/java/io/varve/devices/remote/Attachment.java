package io.varve.devices.remote;

import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * What a host is told when it is to open a device.
 *
 * @param config without a host: as the host itself sees it
 * @param siteId the site it must belong to
 * @param format whether an empty or absent directory becomes a new device
 * @param again whether it is opened again if it has failed
 */
record Attachment(DeviceConfig config, UUID siteId, boolean format, boolean again) {
    private static final UUID NO_UUID = new UUID(0, 0);

    byte[] encode() {
        SpaceLimits space = config.space();
        WriteLimits writes = config.writes();
        UUID uuid = config.uuid();
        return new Body()
                .put(config.deviceId())
                .put(config.directory().toString())
                .put(space.segmentSizeBytes())
                .put(space.capacityBytes())
                .put(space.lowSpaceBytes())
                .put(writes.maxBlobBytes())
                .put(writes.queueBytes())
                .put(writes.hangTimeout().toMillis())
                .put(config.compaction().deadRatio())
                .put(config.compaction().bytesPerSecond())
                .put(uuid == null ? NO_UUID : uuid)
                .put(siteId)
                .put(format)
                .put(again)
                .bytes();
    }

    /**
     * @throws RuntimeException when it is none, or has values that cannot be
     */
    static Attachment decode(ByteBuffer in) {
        int deviceId = in.getInt();
        Path directory = Path.of(Body.text(in));
        SpaceLimits space =
                SpaceLimits.DEFAULT
                        .withSegmentSizeBytes(in.getLong())
                        .withCapacityBytes(in.getLong())
                        .withLowSpaceBytes(in.getLong());
        int maxBlobBytes = in.getInt();
        int queueBytes = in.getInt();
        WriteLimits writes =
                new WriteLimits(maxBlobBytes, queueBytes, Duration.ofMillis(in.getLong()));
        CompactionPace pace = new CompactionPace(in.getDouble(), in.getLong());
        UUID uuid = Body.uuid(in);
        DeviceConfig config =
                new DeviceConfig(
                        deviceId,
                        null,
                        directory,
                        space,
                        writes,
                        pace,
                        uuid.equals(NO_UUID) ? null : uuid);
        return new Attachment(config, Body.uuid(in), Body.bool(in), Body.bool(in));
    }
}
