package io.varve.journal;

import org.jspecify.annotations.Nullable;

/**
 * The journal could not be reached in time. Whether a record that was to be appended is in the
 * journal, or will be yet, is not known; the journal goes on by itself when it is reached again.
 */
public final class JournalUnavailableException extends JournalException {
    private static final long serialVersionUID = 1;

    public JournalUnavailableException(String message) {
        super(message);
    }

    public JournalUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
