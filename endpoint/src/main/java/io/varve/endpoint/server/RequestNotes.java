package io.varve.endpoint.server;

/**
 * What only the protocol knows of a request and the access log and metrics want to say. Empty where
 * it does not apply. Owned by the thread that handles the request.
 */
public final class RequestNotes {
    private String protocol = "";
    private String operation = "";
    private String principal = "";
    private String errorCode = "";

    /** The front end that took the request, e.g. {@code s3}. */
    public String protocol() {
        return protocol;
    }

    /** Set by what hands requests to front ends. */
    public void protocol(String name) {
        protocol = name;
    }

    public String operation() {
        return operation;
    }

    /** One of a small fixed set (it becomes a metric label), e.g. {@code PutObject}. */
    public void operation(String name) {
        operation = name;
    }

    public String principal() {
        return principal;
    }

    /** Who was authenticated. */
    public void principal(String name) {
        principal = name;
    }

    public String errorCode() {
        return errorCode;
    }

    /** The protocol's own error, e.g. {@code NoSuchKey}. */
    public void errorCode(String code) {
        errorCode = code;
    }
}
