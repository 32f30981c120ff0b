package io.varve.endpoint.site;

import org.jspecify.annotations.Nullable;

/** A site cannot be opened. The message says what to look at. */
public final class SiteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SiteException(String message) {
        this(message, null);
    }

    SiteException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
