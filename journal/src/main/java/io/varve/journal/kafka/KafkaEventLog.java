package io.varve.journal.kafka;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Writes events to the log: what a human must look at as an error. */
public final class KafkaEventLog implements Consumer<KafkaJournalEvent> {
    private static final Logger LOG = System.getLogger(KafkaEventLog.class.getName());

    @Override
    public void accept(KafkaJournalEvent event) {
        LOG.log(level(event), () -> "journal: " + event);
    }

    private static Level level(KafkaJournalEvent event) {
        return switch (event) {
            case KafkaJournalEvent.TopicCreated _ -> Level.INFO;
            case KafkaJournalEvent.Ignored _, KafkaJournalEvent.Unreachable _ -> Level.WARNING;
            case KafkaJournalEvent.Failed _ -> Level.ERROR;
        };
    }
}
