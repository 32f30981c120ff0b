/**
 * Who may do what, whatever protocol they speak: access lists, bucket policies, and the one place
 * that decides ({@link io.varve.endpoint.access.AccessEvaluator}). Knows no wire dialect.
 */
@NullMarked
package io.varve.endpoint.access;

import org.jspecify.annotations.NullMarked;
