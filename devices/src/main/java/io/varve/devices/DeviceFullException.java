package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** The device refused a write for lack of space; nothing of it was written. */
public final class DeviceFullException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public DeviceFullException(String message) {
        this(message, null);
    }
}
