package io.varve.endpoint.server;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

import javax.net.ssl.SSLContext;

/**
 * Where a server listens and who answers there.
 *
 * @param name for messages, e.g. {@code http}; unique in a server
 * @param tls null for plain HTTP
 */
public record HttpListener(
        String name, InetSocketAddress address, @Nullable SSLContext tls, HttpHandler handler) {}
