package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** Fewer than minCopies devices have space for the blob; nothing of it is kept. */
public final class PoolFullException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public PoolFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public PoolFullException(String message) {
        this(message, null);
    }
}
