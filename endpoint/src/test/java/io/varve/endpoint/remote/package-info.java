@NullMarked
package io.varve.endpoint.remote;

import org.jspecify.annotations.NullMarked;
