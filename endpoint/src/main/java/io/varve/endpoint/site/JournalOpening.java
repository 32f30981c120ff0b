package io.varve.endpoint.site;

import io.varve.journal.StoredJournal;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.kafka.KafkaDuty;
import io.varve.journal.kafka.KafkaEventLog;
import io.varve.journal.kafka.KafkaJournal;
import io.varve.journal.kafka.KafkaJournalConfig;

import java.time.InstantSource;
import java.util.UUID;

/** Opens the journal of a site, of whichever kind it is. */
final class JournalOpening {
    private JournalOpening() {}

    /**
     * @param follows whether it takes the records of another site, until it comes to lead
     * @throws SiteException for one on Kafka that follows
     */
    static StoredJournal open(SiteConfig config, SiteIdentity identity, boolean follows) {
        KafkaJournalSettings kafka = config.kafka();
        if (kafka == null) {
            return ChronicleJournal.open(ofFiles(config, identity).withFollows(follows));
        }
        if (follows) {
            throw new SiteException(
                    "one of a pair of sites has its journal in files, not on Kafka: "
                            + config.directory());
        }
        return onKafka(config, kafka, identity);
    }

    /** Of a site whose journal is in files. */
    static JournalConfig ofFiles(SiteConfig config, SiteIdentity identity) {
        return JournalConfig.of(config.journalDirectories(), identity.id())
                .withMayCreate(!identity.started())
                .withLimits(config.journalLimits());
    }

    /**
     * One of several writers begins no epoch: it goes on in the one there is. Otherwise the site is
     * the journal's only writer: it begins a writer epoch, so that one that was left running, in a
     * copy of the data directory, is fenced. As it sees whatever is recorded before anybody is
     * told, its view is never stale, and reads need no brokers.
     */
    private static StoredJournal onKafka(
            SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        KafkaJournal journal =
                openOnKafka(
                        kafkaConfig(config, kafka, identity).withMayCreate(!identity.started()));
        try {
            if (identity.started() && config.cluster() == null) {
                journal.openWriterEpoch();
            }
            return journal;
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    /**
     * Whose journal the topic has that the site shares with other processes; founds it when there
     * is none and this is a new site.
     */
    static UUID siteOf(SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        try (KafkaJournal journal =
                KafkaJournal.open(
                        kafkaConfig(config, kafka, identity).withMayCreate(!identity.started()))) {
            return journal.siteId();
        }
    }

    /** Takes part in finding who does what is done in one place. */
    static KafkaDuty duty(SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        return KafkaDuty.join(kafkaConfig(config, kafka, identity));
    }

    /** One that the records of the site's files can be brought to. */
    static KafkaJournal followerOnKafka(
            SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        return openOnKafka(kafkaConfig(config, kafka, identity).withFollows(true));
    }

    private static KafkaJournal openOnKafka(KafkaJournalConfig config) {
        KafkaJournal journal = KafkaJournal.open(config);
        if (!journal.siteId().equals(config.siteId())) {
            journal.close();
            throw new SiteException(
                    "topic %s has the journal of another site: %s, this is %s"
                            .formatted(config.topic(), journal.siteId(), config.siteId()));
        }
        return journal;
    }

    private static KafkaJournalConfig kafkaConfig(
            SiteConfig config, KafkaJournalSettings kafka, SiteIdentity identity) {
        return new KafkaJournalConfig(
                kafka.bootstrap(),
                kafka.topic(),
                kafka.replicas(),
                kafka.minInSyncReplicas(),
                kafka.client(),
                identity.id(),
                true,
                false,
                config.directory().resolve("journal-kafka"),
                kafka.timeout(),
                InstantSource.system(),
                new KafkaEventLog());
    }
}
