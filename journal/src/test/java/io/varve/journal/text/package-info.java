@NullMarked
package io.varve.journal.text;

import org.jspecify.annotations.NullMarked;
