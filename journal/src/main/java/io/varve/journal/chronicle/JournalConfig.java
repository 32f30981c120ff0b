package io.varve.journal.chronicle;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How to open a {@link ChronicleJournal}. Start from {@link #of} and change what differs.
 *
 * @param directories one per mirror, best each on a device of its own; an acknowledged record is on
 *     more than half of them
 * @param siteId whose journal it is; a directory of another site is refused
 * @param mayCreate whether directories that hold no journal at all may become one; turn it off
 *     where there must be a journal already, so that a disk that is not mounted is not mistaken for
 *     a new one. A file {@code new-mirror} in a directory allows it for that one
 * @param clock the source of record time; it may jump
 * @param limits bounds of memory and time
 * @param events told of what an operator should know, on the journal's own threads: return soon
 * @param follows whether it takes stored records only, see {@link io.varve.journal.StoredJournal}
 */
public record JournalConfig(
        List<Path> directories,
        UUID siteId,
        boolean mayCreate,
        InstantSource clock,
        JournalLimits limits,
        Consumer<JournalEvent> events,
        boolean follows) {

    public JournalConfig {
        directories = directories.stream().map(d -> d.toAbsolutePath().normalize()).toList();
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("a journal needs at least one directory");
        }
        if (new HashSet<>(directories).size() != directories.size()) {
            throw new IllegalArgumentException(
                    "a journal directory is named twice: " + directories);
        }
    }

    /** One or more mirrors, system clock, default limits, events to the log. */
    public static JournalConfig of(List<Path> directories, UUID siteId) {
        return new JournalConfig(
                directories,
                siteId,
                true,
                InstantSource.system(),
                JournalLimits.DEFAULT,
                new JournalEventLog(),
                false);
    }

    public JournalConfig withMayCreate(boolean newMayCreate) {
        return new JournalConfig(directories, siteId, newMayCreate, clock, limits, events, follows);
    }

    public JournalConfig withClock(InstantSource newClock) {
        return new JournalConfig(directories, siteId, mayCreate, newClock, limits, events, follows);
    }

    public JournalConfig withLimits(JournalLimits newLimits) {
        return new JournalConfig(directories, siteId, mayCreate, clock, newLimits, events, follows);
    }

    public JournalConfig withEvents(Consumer<JournalEvent> newEvents) {
        return new JournalConfig(directories, siteId, mayCreate, clock, limits, newEvents, follows);
    }

    public JournalConfig withFollows(boolean newFollows) {
        return new JournalConfig(directories, siteId, mayCreate, clock, limits, events, newFollows);
    }

    /** How many mirrors must have a record before it is acknowledged. */
    int writeQuorum() {
        return directories.size() / 2 + 1;
    }
}
