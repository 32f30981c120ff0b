package io.varve.journal.chronicle;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * Writes events to the log: what was handled as a warning, what a human must look at as an error.
 */
public final class JournalEventLog implements Consumer<JournalEvent> {
    private static final Logger LOG = System.getLogger(JournalEventLog.class.getName());

    @Override
    public void accept(JournalEvent event) {
        LOG.log(level(event), () -> "journal: " + event);
    }

    private static Level level(JournalEvent event) {
        return switch (event) {
            case JournalEvent.MirrorCreated _, JournalEvent.CycleStarted _ -> Level.INFO;
            case JournalEvent.TornTailCut _,
                    JournalEvent.DivergentTailCut _,
                    JournalEvent.MirrorCaughtUp _,
                    JournalEvent.CycleRepaired _ ->
                    Level.WARNING;
            case JournalEvent.DamageFound _,
                    JournalEvent.MirrorDropped _,
                    JournalEvent.SpaceExhausted _ ->
                    Level.ERROR;
        };
    }
}
