/** Who there is and what they hold: the fold of identity changes, and the view of it in memory. */
@NullMarked
package io.varve.projections.identity;

import org.jspecify.annotations.NullMarked;
