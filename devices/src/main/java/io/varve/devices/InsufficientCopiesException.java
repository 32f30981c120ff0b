package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** Fewer than minCopies copies could be written; those that were are dropped again. */
public final class InsufficientCopiesException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public InsufficientCopiesException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public InsufficientCopiesException(String message) {
        this(message, null);
    }
}
