package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpHeaders;

import java.nio.charset.StandardCharsets;

/**
 * A request that Swift answers with an error. Thrown from wherever the reason is found, also from
 * within a body that a store reads, and turned into the response in one place ({@link
 * SwiftEndpoint}). Carries no stack trace: it says what the client did, not where we were.
 *
 * <p>Built and thrown by one thread.
 */
final class SwiftRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final StatusPage page;
    private final String text;
    private final String contentType;
    private final transient HttpHeaders.Builder headers = new HttpHeaders.Builder();

    /**
     * @param text what is said instead of the status's page; empty for that page
     */
    SwiftRefusal(StatusPage page, String text, String contentType) {
        super(page.line() + (text.isEmpty() ? "" : ": " + text), null, false, false);
        this.page = page;
        this.text = text;
        this.contentType = contentType;
    }

    StatusPage page() {
        return page;
    }

    String contentType() {
        return text.isEmpty() ? "text/html; charset=UTF-8" : contentType;
    }

    byte[] body() {
        return text.isEmpty() ? page.html() : text.getBytes(StandardCharsets.UTF_8);
    }

    HttpHeaders headers() {
        return headers.build();
    }

    /** Adds a header to the response. */
    SwiftRefusal header(String name, String value) {
        headers.add(name, value);
        return this;
    }
}
