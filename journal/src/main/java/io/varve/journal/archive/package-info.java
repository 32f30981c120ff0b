/**
 * A journal kept elsewhere, in pieces that are written once: from it and the devices a site can be
 * made anew. Knows nothing of how a journal stores its records.
 */
@NullMarked
package io.varve.journal.archive;

import org.jspecify.annotations.NullMarked;
