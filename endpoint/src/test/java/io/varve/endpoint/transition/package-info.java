@NullMarked
package io.varve.endpoint.transition;

import org.jspecify.annotations.NullMarked;
