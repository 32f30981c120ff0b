/** Records for people and for scripts: one line each, as text or as JSON. */
@NullMarked
package io.varve.journal.text;

import org.jspecify.annotations.NullMarked;
