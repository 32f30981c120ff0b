@NullMarked
package io.varve.journal.archive;

import org.jspecify.annotations.NullMarked;
