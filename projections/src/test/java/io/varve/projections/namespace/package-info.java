@NullMarked
package io.varve.projections.namespace;

import org.jspecify.annotations.NullMarked;
