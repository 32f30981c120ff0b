package io.varve.endpoint.swift;

import java.nio.charset.StandardCharsets;

/** The little page that goes with a status when nothing more is to be said. */
enum StatusPage {
    OK(200, "OK", ""),
    CREATED(201, "Created", ""),
    ACCEPTED(202, "Accepted", "The request is accepted for processing."),
    MOVED_PERMANENTLY(301, "Moved Permanently", "The resource has moved permanently."),
    FOUND(302, "Found", "The resource has moved temporarily."),
    SEE_OTHER(303, "See Other", "The response to the request can be found under a different URI."),
    TEMPORARY_REDIRECT(307, "Temporary Redirect", "The resource has moved temporarily."),
    BAD_REQUEST(
            400,
            "Bad Request",
            "The server could not comply with the request since it is either malformed or otherwise"
                    + " incorrect."),
    UNAUTHORIZED(
            401,
            "Unauthorized",
            "This server could not verify that you are authorized to access the document you"
                    + " requested."),
    FORBIDDEN(403, "Forbidden", "Access was denied to this resource."),
    NOT_FOUND(404, "Not Found", "The resource could not be found."),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed", "The method is not allowed for this resource."),
    NOT_ACCEPTABLE(
            406,
            "Not Acceptable",
            "The resource is not available in a format acceptable to your browser."),
    REQUEST_TIMEOUT(
            408,
            "Request Timeout",
            "The server has waited too long for the request to be sent by the client."),
    CONFLICT(409, "Conflict", "There was a conflict when trying to complete your request."),
    LENGTH_REQUIRED(411, "Length Required", "Content-Length header required."),
    PRECONDITION_FAILED(412, "Precondition Failed", "A precondition for this request was not met."),
    REQUEST_ENTITY_TOO_LARGE(
            413,
            "Request Entity Too Large",
            "The body of your request was too large for this server."),
    RANGE_NOT_SATISFIABLE(
            416, "Requested Range Not Satisfiable", "The Range requested is not available."),
    UNPROCESSABLE_ENTITY(
            422, "Unprocessable Entity", "Unable to process the contained instructions"),
    CLIENT_DISCONNECT(499, "Client Disconnect", "The client was disconnected during request."),
    INTERNAL_ERROR(
            500,
            "Internal Error",
            "The server has either erred or is incapable of performing the requested operation."),
    NOT_IMPLEMENTED(
            501, "Not Implemented", "The requested method is not implemented by this server."),
    BAD_GATEWAY(502, "Bad Gateway", "Bad gateway."),
    SERVICE_UNAVAILABLE(
            503,
            "Service Unavailable",
            "The server is currently unavailable. Please try again at a later time."),
    INSUFFICIENT_STORAGE(
            507, "Insufficient Storage", "There was not enough space to save the resource.");

    private final int status;
    private final String title;
    private final String explanation;

    StatusPage(int status, String title, String explanation) {
        this.status = status;
        this.title = title;
        this.explanation = explanation;
    }

    int status() {
        return status;
    }

    /** The status and its name, as bulk answers give it: {@code 404 Not Found}. */
    String line() {
        return status + " " + title;
    }

    byte[] html() {
        if (explanation.isEmpty()) {
            return new byte[0];
        }
        return ("<html><h1>" + title + "</h1><p>" + explanation + "</p></html>")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What the page says, without its markup. */
    String text() {
        return title + "\n" + explanation;
    }

    SwiftRefusal refusal() {
        return new SwiftRefusal(this, "", "");
    }

    /** With a sentence of its own in place of the page. */
    SwiftRefusal refusal(String text) {
        return new SwiftRefusal(this, text, "text/html; charset=UTF-8");
    }

    /** As {@link #refusal(String)}, said to be plain text. */
    SwiftRefusal plain(String text) {
        return new SwiftRefusal(this, text, "text/plain");
    }
}
