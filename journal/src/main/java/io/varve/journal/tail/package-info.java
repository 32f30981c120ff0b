/** The end of a journal in memory, for those who follow it. */
@NullMarked
package io.varve.journal.tail;

import org.jspecify.annotations.NullMarked;
