@NullMarked
package io.varve.projections.identity;

import org.jspecify.annotations.NullMarked;
