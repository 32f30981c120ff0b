package io.varve.endpoint.config;

import io.varve.journal.kafka.KafkaJournalConfig;

import java.time.Duration;
import java.util.List;

/** The keys of the journal, as far as it may be on Kafka. */
final class JournalKeys {
    /** What follows is a setting of Kafka's clients. */
    static final String CLIENT_PREFIX = "journal.kafka.client.";

    static final String EMBEDDED = "embedded";
    static final String KAFKA = "kafka";

    static final ConfigKey<String> KIND =
            ConfigKey.of(
                            "journal.kind",
                            ValueType.oneOf(EMBEDDED, KAFKA),
                            EMBEDDED,
                            "Where the journal is: in files of this machine, or on Kafka's brokers."
                                    + " Counts at the first start; what is recorded stays where it"
                                    + " is.")
                    .onPowerFailure(
                            "The files are synced before anything is acknowledged. Kafka's brokers"
                                + " hold what they acknowledge in the memory of several machines,"
                                + " and sync it later: set `flush.messages=1` for the topic where"
                                + " they may lose power together.");

    static final ConfigKey<String> BOOTSTRAP =
            ConfigKey.optional(
                    "journal.kafka.bootstrap",
                    ValueType.text(4_096),
                    "none",
                    "Addresses of some of the brokers, `host:port` with commas between them; the"
                            + " others are learnt from these.");

    static final ConfigKey<String> TOPIC =
            ConfigKey.of(
                    "journal.kafka.topic",
                    ValueType.name(200),
                    KafkaJournalConfig.DEFAULT_TOPIC,
                    "The journal's topic. The first start makes it, with one partition, unlimited"
                            + " retention, no compaction, no unclean election. One that is there"
                            + " and would lose records is refused by the names of its settings.");

    static final ConfigKey<Integer> REPLICAS =
            ConfigKey.of(
                    "journal.kafka.replicas",
                    ValueType.integer(1, 16),
                    String.valueOf(KafkaJournalConfig.DEFAULT_REPLICAS),
                    "How many brokers shall have each record. A topic with fewer is refused.");

    static final ConfigKey<Integer> MIN_IN_SYNC_REPLICAS =
            ConfigKey.of(
                            "journal.kafka.minInSyncReplicas",
                            ValueType.integer(1, 16),
                            String.valueOf(KafkaJournalConfig.DEFAULT_MIN_IN_SYNC_REPLICAS),
                            "How many brokers must have a record before it is acknowledged. While"
                                + " there are fewer, writes are refused (503). A topic that asks"
                                + " for fewer is refused.")
                    .onPowerFailure(
                            "With 1, what was acknowledged may be lost with the broker that has"
                                    + " it.");

    static final ConfigKey<Duration> TIMEOUT =
            ConfigKey.of(
                    "journal.kafka.timeout",
                    ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(5)),
                    "10 s",
                    "How long a write waits for the brokers before it is answered 503. It may be"
                            + " recorded all the same.");

    private JournalKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(KIND, BOOTSTRAP, TOPIC, REPLICAS, MIN_IN_SYNC_REPLICAS, TIMEOUT);
    }
}
