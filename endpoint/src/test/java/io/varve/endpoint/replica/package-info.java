@NullMarked
package io.varve.endpoint.replica;

import org.jspecify.annotations.NullMarked;
