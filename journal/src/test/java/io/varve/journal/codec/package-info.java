@NullMarked
package io.varve.journal.codec;

import org.jspecify.annotations.NullMarked;
