@NullMarked
package io.varve.endpoint;

import org.jspecify.annotations.NullMarked;
