@NullMarked
package io.varve.dr.replica;

import org.jspecify.annotations.NullMarked;
