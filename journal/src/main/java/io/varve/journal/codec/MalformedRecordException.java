package io.varve.journal.codec;

import io.varve.journal.JournalException;

/**
 * Bytes that passed their checksum but are no record this version understands: written by a newer
 * version, or by a faulty one. Never ignored, since a field that is skipped could change an
 * outcome.
 */
public final class MalformedRecordException extends JournalException {
    private static final long serialVersionUID = 1;

    public MalformedRecordException(String message) {
        super(message);
    }

    public MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
