@NullMarked
package io.varve.endpoint.keystone;

import org.jspecify.annotations.NullMarked;
