package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** The directory is not this device: no label, a damaged one, or another device's. */
public final class DeviceLabelException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceLabelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public DeviceLabelException(String message) {
        this(message, null);
    }
}
