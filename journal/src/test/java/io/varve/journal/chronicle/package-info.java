@NullMarked
package io.varve.journal.chronicle;

import org.jspecify.annotations.NullMarked;
