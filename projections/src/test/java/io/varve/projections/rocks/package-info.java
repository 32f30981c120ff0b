@NullMarked
package io.varve.projections.rocks;

import org.jspecify.annotations.NullMarked;
