/**
 * Where blobs are kept: the fold of topology changes, and the view of it in memory.
 *
 * <p>Goals: one answer everywhere to which devices there are, what is known of them, and which map
 * places blobs. Constraints: the fold does not read the map's text, so that what is decided never
 * depends on a parser's version; who writes the record has read it.
 */
@NullMarked
package io.varve.projections.topology;

import org.jspecify.annotations.NullMarked;
