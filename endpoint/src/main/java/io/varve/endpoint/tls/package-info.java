/**
 * The server's certificate: generated for a site that has none, or read from the operator's files
 * and read again when they change. Start with {@link io.varve.endpoint.tls.TlsIdentity}.
 */
@NullMarked
package io.varve.endpoint.tls;

import org.jspecify.annotations.NullMarked;
