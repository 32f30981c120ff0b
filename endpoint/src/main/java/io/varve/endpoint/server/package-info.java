/**
 * HTTP as protocols see it, and the server that carries it. A front end implements {@link
 * io.varve.endpoint.server.HttpHandler}; requests, responses and headers are types of our own, so
 * that a front end is tested without a socket and the library underneath stays behind one wall.
 */
@NullMarked
package io.varve.endpoint.server;

import org.jspecify.annotations.NullMarked;
