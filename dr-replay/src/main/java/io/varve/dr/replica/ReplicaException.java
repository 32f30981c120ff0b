package io.varve.dr.replica;

import org.jspecify.annotations.Nullable;

/** The other site cannot be reached, or what it says cannot be used. Trying again may help. */
public final class ReplicaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ReplicaException(String message) {
        this(message, null);
    }

    public ReplicaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
