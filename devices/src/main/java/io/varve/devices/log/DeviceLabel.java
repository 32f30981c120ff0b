package io.varve.devices.log;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Who a device is. Written once at formatting and again only when a field changes.
 *
 * @param deviceId its number in the placement map
 * @param deviceUuid made at formatting, never used again
 * @param siteId the site it belongs to
 * @param createdMs when it was formatted, milliseconds since 1970
 * @param segmentSizeBytes fixed for its life
 * @param generation counts the label's updates; of two good copies the higher one holds
 */
public record DeviceLabel(
        int deviceId,
        UUID deviceUuid,
        UUID siteId,
        long createdMs,
        long segmentSizeBytes,
        long generation) {

    /** What its checksums cover besides, so that nothing of another device passes for its own. */
    byte[] key() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(deviceUuid.getMostSignificantBits())
                .putLong(deviceUuid.getLeastSignificantBits())
                .array();
    }
}
