package io.varve.journal;

import org.jspecify.annotations.Nullable;

/**
 * The journal cannot do what was asked: media, damage, or closed. The message names file and
 * position.
 */
public class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public JournalException(String message) {
        super(message);
    }

    public JournalException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
