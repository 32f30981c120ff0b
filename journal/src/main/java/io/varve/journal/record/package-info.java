/**
 * What the journal says: changes, in the domain's own words. Start with {@link
 * io.varve.journal.record.Change}.
 */
@NullMarked
package io.varve.journal.record;

import org.jspecify.annotations.NullMarked;
