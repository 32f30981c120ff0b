/** The figures of a running server, for Prometheus. */
@NullMarked
package io.varve.endpoint.metrics;

import org.jspecify.annotations.NullMarked;
