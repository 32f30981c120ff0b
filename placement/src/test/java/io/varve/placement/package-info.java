@NullMarked
package io.varve.placement;

import org.jspecify.annotations.NullMarked;
