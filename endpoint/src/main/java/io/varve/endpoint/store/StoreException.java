package io.varve.endpoint.store;

import org.jspecify.annotations.Nullable;

/**
 * The store could not do what was asked for a reason that lies with the site, not with the client.
 */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What a protocol should tell its client. */
    public enum Category {
        /** Too few copies can be written or the journal takes nothing: try again later (503). */
        UNAVAILABLE,
        /** No space for the copies (507). */
        FULL,
        /** The site follows another one, where the change can be made; the message names it. */
        READ_ONLY,
        /** No good copy of the bytes is left (500, and a human must look). */
        LOST
    }

    private final Category category;

    public StoreException(Category category, String message) {
        this(category, message, null);
    }

    public StoreException(Category category, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.category = category;
    }

    public Category category() {
        return category;
    }
}
