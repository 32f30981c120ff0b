@NullMarked
package io.varve.endpoint.store;

import org.jspecify.annotations.NullMarked;
