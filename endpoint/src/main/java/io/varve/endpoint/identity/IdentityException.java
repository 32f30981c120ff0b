package io.varve.endpoint.identity;

import org.jspecify.annotations.Nullable;

/**
 * The identity service cannot be opened, or what it keeps cannot be used. The operator must look.
 */
public final class IdentityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public IdentityException(String message) {
        this(message, null);
    }

    public IdentityException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
