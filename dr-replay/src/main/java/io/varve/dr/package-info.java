/** Makes views anew from the journal, and proves by replay that they are what the journal says. */
@NullMarked
package io.varve.dr;

import org.jspecify.annotations.NullMarked;
