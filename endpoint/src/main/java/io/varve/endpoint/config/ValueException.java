package io.varve.endpoint.config;

/** A text is not a value of its key's type; the message says what is. */
final class ValueException extends Exception {
    private static final long serialVersionUID = 1;

    ValueException(String message) {
        super(message);
    }
}
