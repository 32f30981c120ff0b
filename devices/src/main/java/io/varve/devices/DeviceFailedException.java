package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** The device takes no more writes: an I/O error, a hang, or it is closed. */
public final class DeviceFailedException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public DeviceFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public DeviceFailedException(String message) {
        this(message, null);
    }
}
