@NullMarked
package io.varve.endpoint.json;

import org.jspecify.annotations.NullMarked;
