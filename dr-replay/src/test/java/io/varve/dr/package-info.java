@NullMarked
package io.varve.dr;

import org.jspecify.annotations.NullMarked;
