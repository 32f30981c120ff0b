@NullMarked
package io.varve.endpoint.salvage;

import org.jspecify.annotations.NullMarked;
