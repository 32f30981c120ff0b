/**
 * The OpenStack Swift dialect over {@link io.varve.endpoint.store.ObjectStore}: a project is an
 * account, a container is a bucket. Start with {@link io.varve.endpoint.swift.SwiftEndpoint}.
 */
@NullMarked
package io.varve.endpoint.swift;

import org.jspecify.annotations.NullMarked;
