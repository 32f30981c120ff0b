package io.varve.journal;

/**
 * There is no space for this record, and nothing of it was written. Other than after the rest of
 * the {@link JournalException}s the journal goes on: it still takes changes that free space, and
 * all others again when there is space.
 */
public final class JournalFullException extends JournalException {
    private static final long serialVersionUID = 1;

    public JournalFullException(String message) {
        super(message);
    }
}
