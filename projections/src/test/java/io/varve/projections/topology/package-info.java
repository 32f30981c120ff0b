@NullMarked
package io.varve.projections.topology;

import org.jspecify.annotations.NullMarked;
