package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** No device that was asked has the blob. */
public final class BlobMissingException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public BlobMissingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public BlobMissingException(String message) {
        this(message, null);
    }
}
