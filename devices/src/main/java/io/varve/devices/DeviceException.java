package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** An operational fault of a device or of the pool. */
public abstract sealed class DeviceException extends RuntimeException
        permits DeviceAwayException,
                DeviceFailedException,
                DeviceFullException,
                DeviceLabelException,
                BlobDamagedException,
                BlobMissingException,
                InsufficientCopiesException,
                PoolFullException {
    private static final long serialVersionUID = 1L;

    DeviceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
