@NullMarked
package io.varve.endpoint.server;

import org.jspecify.annotations.NullMarked;
