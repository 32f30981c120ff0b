package io.varve.journal.archive;

import io.varve.journal.JournalException;

/** An archive that is damaged, has a gap, or is of another history. */
public final class ArchiveException extends JournalException {
    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
