package io.varve.endpoint.server;

import java.io.IOException;

/**
 * Answers requests of one protocol. Called on a virtual thread of its own for each request, by many
 * at once; may block.
 *
 * <p>What the client did wrong becomes a response of the protocol. An exception that comes out
 * means a fault: the client gets a bare 500, or nothing when the connection is broken ({@link
 * BodyException} with reason {@code DISCONNECTED} needs no answer and may simply pass through).
 */
@FunctionalInterface
public interface HttpHandler {
    HttpResponse handle(HttpRequest request) throws IOException;
}
