@NullMarked
package io.varve.journal;

import org.jspecify.annotations.NullMarked;
