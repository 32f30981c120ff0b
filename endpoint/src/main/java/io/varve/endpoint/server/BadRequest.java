package io.varve.endpoint.server;

import java.io.IOException;

/** A head that is not answered by any protocol: the status says why, and the connection ends. */
final class BadRequest extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
