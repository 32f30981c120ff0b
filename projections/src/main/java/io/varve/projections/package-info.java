/**
 * What every view is built on: an ordered key-value store ({@link io.varve.projections.ViewStore}),
 * the batch a fold writes through ({@link io.varve.projections.ViewBatch}), and the digest by which
 * two views are compared ({@link io.varve.projections.ViewDigest}).
 */
@NullMarked
package io.varve.projections;

import org.jspecify.annotations.NullMarked;
