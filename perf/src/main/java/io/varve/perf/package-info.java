@NullMarked
package io.varve.perf;

import org.jspecify.annotations.NullMarked;
