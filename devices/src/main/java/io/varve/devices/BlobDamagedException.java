package io.varve.devices;

import org.jspecify.annotations.Nullable;

/** A copy is there but its bytes do not match their checksums, or cannot be read. */
public final class BlobDamagedException extends DeviceException {
    private static final long serialVersionUID = 1L;

    public BlobDamagedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public BlobDamagedException(String message) {
        this(message, null);
    }
}
