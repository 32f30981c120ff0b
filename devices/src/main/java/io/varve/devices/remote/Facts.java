package io.varve.devices.remote;

import io.varve.devices.DeviceStats;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLabel;

import java.nio.ByteBuffer;
import java.util.UUID;

/** What a host tells of a device that it has opened. */
record Facts(DeviceLabel label, DeviceStats stats) {

    static byte[] encode(BlobDevice device) {
        DeviceLabel label = device.label();
        Body out =
                new Body()
                        .put(label.deviceId())
                        .put(label.deviceUuid())
                        .put(label.siteId())
                        .put(label.createdMs())
                        .put(label.segmentSizeBytes())
                        .put(label.generation());
        StatsCodec.encode(device.stats(), out);
        return out.bytes();
    }

    static Facts decode(ByteBuffer in) {
        int deviceId = in.getInt();
        UUID deviceUuid = Body.uuid(in);
        UUID siteId = Body.uuid(in);
        DeviceLabel label =
                new DeviceLabel(
                        deviceId, deviceUuid, siteId, in.getLong(), in.getLong(), in.getLong());
        return new Facts(label, StatsCodec.decode(in));
    }
}
