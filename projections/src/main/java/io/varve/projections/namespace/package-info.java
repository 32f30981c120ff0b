/**
 * The namespace: buckets, objects, versions, uploads, history. Start with {@link
 * io.varve.projections.namespace.NamespaceView} for the questions and {@link
 * io.varve.projections.namespace.Outcome} for what a record can come to.
 */
@NullMarked
package io.varve.projections.namespace;

import org.jspecify.annotations.NullMarked;
