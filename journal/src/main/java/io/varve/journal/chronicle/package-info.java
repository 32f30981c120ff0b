/**
 * The embedded journal: Chronicle Queue as the memory-mapped appender, group commit, mirrors,
 * recovery. Start with {@link io.varve.journal.chronicle.ChronicleJournal}; the bytes are described
 * in {@link io.varve.journal.chronicle.FrameDescriptor} and in docs/formats/journal.md.
 */
@NullMarked
package io.varve.journal.chronicle;

import org.jspecify.annotations.NullMarked;
