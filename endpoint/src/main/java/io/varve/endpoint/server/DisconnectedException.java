package io.varve.endpoint.server;

import java.io.IOException;

/** The client can no longer be written to. Nobody is at fault, and there is nobody to tell. */
final class DisconnectedException extends IOException {
    private static final long serialVersionUID = 1;

    DisconnectedException(Throwable cause) {
        super("the client is gone", cause);
    }
}
