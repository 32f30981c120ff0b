/** The bytes of a record, and the chain of hashes over them: the same in every kind of journal. */
@NullMarked
package io.varve.journal.frame;

import org.jspecify.annotations.NullMarked;
