package io.varve.endpoint.admin;

import io.varve.projections.topology.TopologyRefusal;

/** A request that is answered with an error document. Thrown by operations, caught at the front. */
final class AdminRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    private AdminRefusal(int status, String title, String message) {
        super(message, null, false, false);
        this.status = status;
        this.title = title;
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

    static AdminRefusal badRequest(String message) {
        return new AdminRefusal(400, "Bad Request", message);
    }

    static AdminRefusal unauthorized() {
        return new AdminRefusal(401, "Unauthorized", "A token of the identity service is needed.");
    }

    static AdminRefusal forbidden() {
        return new AdminRefusal(403, "Forbidden", "Only site administrators may do that.");
    }

    static AdminRefusal noSuchPath() {
        return new AdminRefusal(404, "Not Found", "There is nothing of that path.");
    }

    static AdminRefusal notFound(String what) {
        return new AdminRefusal(404, "Not Found", "There is no " + what + ".");
    }

    static AdminRefusal methodNotAllowed() {
        return new AdminRefusal(405, "Method Not Allowed", "The path does not take this method.");
    }

    static AdminRefusal conflict(String message) {
        return new AdminRefusal(409, "Conflict", message);
    }

    static AdminRefusal tooLarge() {
        return new AdminRefusal(413, "Content Too Large", "The document is too large.");
    }

    static AdminRefusal full() {
        return new AdminRefusal(507, "Insufficient Storage", "There is no space for the change.");
    }

    static AdminRefusal unavailable() {
        return new AdminRefusal(
                503, "Service Unavailable", "The site takes no changes at present.");
    }

    /**
     * @param what the change was about, e.g. "device 3"
     */
    static AdminRefusal of(TopologyRefusal refusal, String what) {
        return switch (refusal) {
            case NO_SUCH_DEVICE, NO_SUCH_POOL -> notFound(what);
            case DEVICE_EXISTS, POOL_EXISTS -> conflict("There is a " + what + " already.");
            case DEVICE_IN -> conflict("The " + what + " is in: drain it or take it out first.");
            case DEFAULT_POOL ->
                    conflict("Objects that ask for no storage class are in the " + what + ".");
            case POOL_OPEN -> conflict("The " + what + " still takes objects: close it first.");
            case POOL_REMOVED -> conflict("A pool that was removed had the number of " + what);
            case NAME_TAKEN -> conflict("The name of " + what + " is taken.");
            case SCHEME_FIXED ->
                    conflict("The scheme of " + what + " cannot be changed; add another pool.");
            case CHANGED_MEANWHILE ->
                    conflict("Somebody else has changed " + what + " meanwhile: look again.");
        };
    }
}
