package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

/**
 * A device of the set, or the place of one that did not come up.
 *
 * @param log null when it is missing
 */
record SetMember(DeviceConfig config, @Nullable BlobDevice log) {
    int deviceId() {
        return config.deviceId();
    }

    DeviceState state() {
        return log == null ? DeviceState.MISSING : log.state();
    }

    boolean up() {
        return log != null && log.state() == DeviceState.UP;
    }

    /** Whether it is up and takes no new blobs. */
    boolean full() {
        return log != null && up() && log.full();
    }

    /** Whether it has the blob, be the device up or failed. One that cannot say does not count. */
    boolean holds(BlobId blobId) {
        try {
            return log != null && log.lengthBytes(blobId) >= 0;
        } catch (DeviceAwayException _) {
            return false;
        }
    }

    /** Whether it may have the blob: it has, or cannot say. */
    boolean mayHold(BlobId blobId) {
        try {
            return log == null || log.lengthBytes(blobId) >= 0;
        } catch (DeviceAwayException _) {
            return true;
        }
    }

    /** The length of a device's copy; -1 when it has none, or cannot say. */
    static int lengthOn(BlobDevice log, BlobId blobId) {
        try {
            return log.lengthBytes(blobId);
        } catch (DeviceAwayException _) {
            return -1;
        }
    }

    DeviceStats stats() {
        return log == null ? DeviceStats.missing(config.deviceId()) : log.stats();
    }
}
