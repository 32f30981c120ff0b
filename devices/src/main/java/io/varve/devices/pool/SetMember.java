package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.log.DeviceLog;

import org.jspecify.annotations.Nullable;

/**
 * A device of the set, or the place of one that did not come up.
 *
 * @param log null when it is missing
 */
record SetMember(DeviceConfig config, @Nullable DeviceLog log) {
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

    /** Whether its index names the blob, be the device up or failed. */
    boolean holds(BlobId blobId) {
        return log != null && log.lengthBytes(blobId) >= 0;
    }

    DeviceStats stats() {
        return log == null ? DeviceStats.missing(config.deviceId()) : log.stats();
    }
}
