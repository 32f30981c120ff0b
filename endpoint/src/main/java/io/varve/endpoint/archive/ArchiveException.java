package io.varve.endpoint.archive;

import java.io.IOException;

/** What was read is no archive, or none that is read here. The message may be told to a client. */
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1;

    ArchiveException(String message) {
        super(message);
    }

    ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
