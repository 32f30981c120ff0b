package io.varve.endpoint.json;

/** What should be JSON is not, or exceeds a limit. The message may be shown to the client. */
public final class JsonException extends Exception {
    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
