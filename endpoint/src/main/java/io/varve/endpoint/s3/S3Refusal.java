package io.varve.endpoint.s3;

import java.util.ArrayList;
import java.util.List;

/**
 * A request that S3 answers with an error. Thrown from wherever the reason is found, also from
 * within a body that a store reads, and turned into the response in one place ({@link S3Endpoint}).
 * Carries no stack trace: it says what the client did, not where we were.
 *
 * <p>Built and thrown by one thread.
 */
final class S3Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final S3Error error;
    private final transient List<Pair> details = new ArrayList<>(2);
    private final transient List<Pair> headers = new ArrayList<>(2);

    /** An element of the error's XML, or a header of its response. */
    record Pair(String name, String value) {}

    S3Refusal(S3Error error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    S3Error error() {
        return error;
    }

    String message() {
        String message = getMessage();
        return message == null ? error.message() : message;
    }

    List<Pair> details() {
        return details;
    }

    List<Pair> headers() {
        return headers;
    }

    /** Adds an element to the error's XML. */
    S3Refusal with(String element, String text) {
        details.add(new Pair(element, text));
        return this;
    }

    S3Refusal with(String element, long number) {
        return with(element, Long.toString(number));
    }

    /** Adds a header to the response. */
    S3Refusal header(String name, String value) {
        headers.add(new Pair(name, value));
        return this;
    }

    /** An {@code InvalidArgument} that names the argument, as S3 does. */
    static S3Refusal invalidArgument(String message, String name, String value) {
        return S3Error.INVALID_ARGUMENT
                .refusal(message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }

    static S3Refusal notImplementedHeader(String header) {
        return S3Error.NOT_IMPLEMENTED.refusal().with("Header", header);
    }
}
