@NullMarked
package io.varve.endpoint.identity;

import org.jspecify.annotations.NullMarked;
