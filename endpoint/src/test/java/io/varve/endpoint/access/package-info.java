@NullMarked
package io.varve.endpoint.access;

import org.jspecify.annotations.NullMarked;
