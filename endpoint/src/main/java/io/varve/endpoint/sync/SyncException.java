package io.varve.endpoint.sync;

import org.jspecify.annotations.Nullable;

/** Something about sync cannot be used as it was given. The message holds no secret. */
public final class SyncException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SyncException(String message) {
        this(message, null);
    }

    SyncException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong, in a sentence. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
