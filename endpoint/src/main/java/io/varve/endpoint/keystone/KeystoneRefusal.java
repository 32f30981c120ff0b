package io.varve.endpoint.keystone;

import io.varve.projections.identity.IdentityRefusal;

/** A request that is answered with an error document. Thrown by operations, caught at the front. */
final class KeystoneRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;
    private final long retryAfterSeconds;

    private KeystoneRefusal(int status, String title, String message, long retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.title = title;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    private static KeystoneRefusal of(int status, String title, String message) {
        return new KeystoneRefusal(status, title, message, 0);
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    /** 0 for no such hint. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    static KeystoneRefusal badRequest(String message) {
        return of(400, "Bad Request", message);
    }

    static KeystoneRefusal unauthorized() {
        return of(401, "Unauthorized", "The request you have made requires authentication.");
    }

    static KeystoneRefusal forbidden(String action) {
        return of(
                403,
                "Forbidden",
                "You are not authorized to perform the requested action: " + action);
    }

    static KeystoneRefusal notFound(String kind, String id) {
        return of(404, "Not Found", "Could not find " + kind + ": " + id + ".");
    }

    static KeystoneRefusal elsewhere(String message) {
        return of(404, "Not Found", message);
    }

    static KeystoneRefusal noSuchPath() {
        return of(404, "Not Found", "The resource could not be found.");
    }

    static KeystoneRefusal methodNotAllowed() {
        return of(405, "Method Not Allowed", "The method is not allowed for the requested URL.");
    }

    static KeystoneRefusal conflict(String message) {
        return of(409, "Conflict", message);
    }

    static KeystoneRefusal tooLarge() {
        return of(413, "Request Entity Too Large", "Request is too large.");
    }

    static KeystoneRefusal tooMany(long waitSeconds) {
        return new KeystoneRefusal(
                429,
                "Too Many Requests",
                "Too many logins have failed. Try again later.",
                Math.max(1, waitSeconds));
    }

    static KeystoneRefusal readOnly(String message) {
        return of(405, "Method Not Allowed", message);
    }

    static KeystoneRefusal unavailable() {
        return new KeystoneRefusal(
                503, "Service Unavailable", "The service takes no changes at present.", 5);
    }

    static KeystoneRefusal full() {
        return of(507, "Insufficient Storage", "There is no space for the change.");
    }

    /**
     * @param kind of what was to be changed
     */
    static KeystoneRefusal of(IdentityRefusal refusal, String kind, String id) {
        return switch (refusal) {
            case NAME_TAKEN ->
                    conflict(
                            "Conflict occurred attempting to store "
                                    + kind
                                    + " - Duplicate entry found with name "
                                    + id
                                    + ".");
            case ID_TAKEN -> conflict("Conflict occurred attempting to store " + kind + ".");
            case CHANGED_MEANWHILE ->
                    conflict("The " + kind + " was changed by somebody else meanwhile.");
            case NO_SUCH_DOMAIN -> notFound("domain", id);
            case NO_SUCH_PROJECT -> notFound("project", id);
            case NO_SUCH_USER -> notFound("user", id);
            case NO_SUCH_ROLE -> notFound("role", id);
            case NO_SUCH_GRANT -> notFound("role assignment", id);
            case NO_SUCH_CREDENTIAL -> notFound("credential", id);
            case DOMAIN_ENABLED ->
                    forbidden("Cannot delete a domain that is enabled, please disable it first.");
            case TOO_MANY -> forbidden("Unable to create additional " + kind + " entities.");
        };
    }
}
