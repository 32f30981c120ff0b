package io.varve.endpoint.site;

import io.varve.devices.DeviceConfig;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.PutDevice;

import java.nio.file.Path;

/**
 * How the devices of the records are kept, by the settings that all have in common.
 *
 * @param site what their directories are relative to
 * @param shared whether several processes share them, which then are on storage hosts
 */
record DeviceConfigs(Path site, PoolSettings settings, boolean shared) {

    DeviceConfig of(PutDevice device) {
        long segmentBytes = settings.segmentSizeBytes();
        WriteLimits writes = WriteLimits.DEFAULT.withHangTimeout(settings.hangTimeout());
        int blobBytesMax = (int) Math.min(writes.maxBlobBytes(), segmentBytes / 4);
        DevicePlace place = DevicePlace.parse(device.directory());
        if (shared && place.host() == null) {
            throw new SiteException(
                    "a device of a cluster is on a storage host, at varve://HOST:PORT/DIR: "
                            + device.directory());
        }
        return new DeviceConfig(
                device.id(),
                place.host(),
                place.host() == null ? directory(device) : Path.of(place.directory()),
                SpaceLimits.DEFAULT
                        .withSegmentSizeBytes(segmentBytes)
                        .withCapacityBytes(
                                device.capacityBytes() == 0
                                        ? Long.MAX_VALUE
                                        : device.capacityBytes())
                        .withLowSpaceBytes(settings.lowSpaceBytes()),
                writes.withMaxBlobBytes(blobBytesMax),
                settings.compaction(),
                device.uuid().equals(TopologyChange.NO_UUID) ? null : device.uuid());
    }

    /** Of one on another host: what compares as its place there does, and is nowhere else. */
    Path directory(PutDevice device) {
        DevicePlace place = DevicePlace.parse(device.directory());
        return place.host() == null
                ? site.resolve(device.directory())
                : Path.of("//varve/" + place.host(), place.directory());
    }
}
