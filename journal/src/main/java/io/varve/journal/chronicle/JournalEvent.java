package io.varve.journal.chronicle;

import java.nio.file.Path;

/** What happened to the journal that an operator should know. Told before it is logged. */
public sealed interface JournalEvent {

    /** A directory that held no journal was made a mirror. */
    record MirrorCreated(Path directory) implements JournalEvent {}

    /**
     * The last write before a crash had not been completed, and what was left of it was removed.
     * None of it had been acknowledged.
     *
     * @param position the first position that is gone
     */
    record TornTailCut(Path file, long position, long bytes, String reason)
            implements JournalEvent {}

    /**
     * A mirror held records that no majority ever had; they were never acknowledged and are gone.
     */
    record DivergentTailCut(Path directory, long firstPosition, long lastPosition)
            implements JournalEvent {}

    /** A mirror was behind and has the records of the others now. */
    record MirrorCaughtUp(Path directory, long firstPosition, long lastPosition)
            implements JournalEvent {}

    /** A record cannot be read from this mirror. */
    record DamageFound(Path file, long position, String reason) implements JournalEvent {}

    /** A damaged or missing cycle of a mirror was written again from another mirror. */
    record CycleRepaired(Path file, Path source) implements JournalEvent {}

    /** A mirror is no longer written to; it is caught up at the next start. */
    record MirrorDropped(Path directory, long syncedPosition, String reason)
            implements JournalEvent {}

    /** There is no more space for anything but changes that free some. */
    record SpaceExhausted(Path directory, String reason) implements JournalEvent {}

    /** A new cycle file was begun. */
    record CycleStarted(long cycle, long firstPosition) implements JournalEvent {}
}
