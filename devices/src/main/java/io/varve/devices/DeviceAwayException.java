package io.varve.devices;

import org.jspecify.annotations.Nullable;

/**
 * The host of a device cannot be reached, or did not answer in time: what was asked may have been
 * done or not, and nothing is known of what the device has.
 */
public final class DeviceAwayException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceAwayException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
