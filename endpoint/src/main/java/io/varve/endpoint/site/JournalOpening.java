package io.varve.endpoint.site;

import io.varve.journal.StoredJournal;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.kafka.KafkaEventLog;
import io.varve.journal.kafka.KafkaJournal;
import io.varve.journal.kafka.KafkaJournalConfig;

import java.time.InstantSource;

/** Opens the journal of a site, of whichever kind it is. */
final class JournalOpening {
    private JournalOpening() {}

    /**
     * @param follows whether it takes the records of another site, until it comes to lead; one on
     *     Kafka always leads
     */
    static StoredJournal open(SiteConfig config, SiteIdentity identity, boolean follows) {
        KafkaJournalSettings kafka = config.kafka();
        return kafka == null
                ? ChronicleJournal.open(ofFiles(config, identity).withFollows(follows))
                : onKafka(config, kafka, identity);
    }

    /** Of a site whose journal is in files. */
    static JournalConfig ofFiles(SiteConfig config, SiteIdentity identity) {
        return JournalConfig.of(config.journalDirectories(), identity.id())
                .withMayCreate(!identity.started())
                .withLimits(config.journalLimits());
    }

    /**
     * The site is the journal's only writer: it begins a writer epoch, so that one that was left
     * running, in a copy of the data directory, is fenced. As it sees whatever is recorded before
     * anybody is told, its view is never stale, and reads need no brokers.
     */
    private static StoredJournal onKafka(
            SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        KafkaJournal journal =
                KafkaJournal.open(
                        new KafkaJournalConfig(
                                kafka.bootstrap(),
                                kafka.topic(),
                                kafka.replicas(),
                                kafka.minInSyncReplicas(),
                                kafka.client(),
                                identity.id(),
                                !identity.started(),
                                false,
                                config.directory().resolve("journal-kafka"),
                                kafka.timeout(),
                                InstantSource.system(),
                                new KafkaEventLog()));
        try {
            if (!journal.siteId().equals(identity.id())) {
                throw new SiteException(
                        "topic %s has the journal of another site: %s, this is %s"
                                .formatted(kafka.topic(), journal.siteId(), identity.id()));
            }
            if (identity.started()) {
                journal.openWriterEpoch();
            }
            return journal;
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }
}
