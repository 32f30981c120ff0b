package io.varve.journal.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * How to open a {@link KafkaJournal}. Start from {@link #of} and change what differs.
 *
 * @param bootstrap addresses of some of the brokers, with commas between them
 * @param topic the journal's; made when it is not there and may be
 * @param replicas how many brokers shall have each record; fewer in an existing topic are refused
 * @param minInSyncReplicas how many must have a record before it is acknowledged
 * @param client what else Kafka's clients are told, above all how they encrypt and authenticate
 * @param siteId whose journal a new one becomes
 * @param mayCreate whether there may be no journal yet; turn it off where there must be one, so
 *     that other brokers are not mistaken for a new site's
 * @param follows whether a journal that does not lead yet may be opened, to take stored records;
 *     one that leads goes on to lead
 * @param stateDirectory for what makes the next start short; can be deleted
 * @param appendTimeout how long an append is tried before it is told to have failed
 * @param clock the source of record time; it may jump
 * @param events told of what an operator should know, on the journal's own threads: return soon
 */
public record KafkaJournalConfig(
        String bootstrap,
        String topic,
        int replicas,
        int minInSyncReplicas,
        Map<String, String> client,
        UUID siteId,
        boolean mayCreate,
        boolean follows,
        Path stateDirectory,
        Duration appendTimeout,
        InstantSource clock,
        Consumer<KafkaJournalEvent> events) {
    public static final String DEFAULT_TOPIC = "varve-journal";
    public static final int DEFAULT_REPLICAS = 3;
    public static final int DEFAULT_MIN_IN_SYNC_REPLICAS = 2;

    /** Longer than brokers take to choose another leader, shorter than clients wait for. */
    public static final Duration DEFAULT_APPEND_TIMEOUT = Duration.ofSeconds(10);

    /** Beginnings of what may be said of the clients: ways to the brokers, and nothing else. */
    private static final Set<String> CLIENT_KEYS =
            Set.of("security.", "ssl.", "sasl.", "client.dns.", "socket.", "send.buffer.");

    public KafkaJournalConfig {
        client = Map.copyOf(client);
        Set<String> refused = new TreeSet<>(client.keySet());
        refused.removeIf(KafkaJournalConfig::isClientSetting);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(
                    "these settings of Kafka's clients are the journal's own: " + refused);
        }
        if (minInSyncReplicas < 1 || replicas < minInSyncReplicas) {
            throw new IllegalArgumentException(
                    "replicas=%d, minInSyncReplicas=%d".formatted(replicas, minInSyncReplicas));
        }
    }

    /** Whether a setting of Kafka's clients may be chosen: it does not touch what is promised. */
    public static boolean isClientSetting(String name) {
        return CLIENT_KEYS.stream().anyMatch(name::startsWith);
    }

    /** Three replicas, two of them in sync, no encryption, events to the log. */
    public static KafkaJournalConfig of(String bootstrap, UUID siteId, Path stateDirectory) {
        return new KafkaJournalConfig(
                bootstrap,
                DEFAULT_TOPIC,
                DEFAULT_REPLICAS,
                DEFAULT_MIN_IN_SYNC_REPLICAS,
                Map.of(),
                siteId,
                true,
                false,
                stateDirectory,
                DEFAULT_APPEND_TIMEOUT,
                InstantSource.system(),
                new KafkaEventLog());
    }

    public KafkaJournalConfig withTopic(String newTopic) {
        return new KafkaJournalConfig(
                bootstrap,
                newTopic,
                replicas,
                minInSyncReplicas,
                client,
                siteId,
                mayCreate,
                follows,
                stateDirectory,
                appendTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withReplicas(int newReplicas, int newMinInSyncReplicas) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                newReplicas,
                newMinInSyncReplicas,
                client,
                siteId,
                mayCreate,
                follows,
                stateDirectory,
                appendTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withClient(Map<String, String> newClient) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                replicas,
                minInSyncReplicas,
                newClient,
                siteId,
                mayCreate,
                follows,
                stateDirectory,
                appendTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withMayCreate(boolean newMayCreate) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                replicas,
                minInSyncReplicas,
                client,
                siteId,
                newMayCreate,
                follows,
                stateDirectory,
                appendTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withFollows(boolean newFollows) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                replicas,
                minInSyncReplicas,
                client,
                siteId,
                mayCreate,
                newFollows,
                stateDirectory,
                appendTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withAppendTimeout(Duration newTimeout) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                replicas,
                minInSyncReplicas,
                client,
                siteId,
                mayCreate,
                follows,
                stateDirectory,
                newTimeout,
                clock,
                events);
    }

    public KafkaJournalConfig withClock(InstantSource newClock) {
        return new KafkaJournalConfig(
                bootstrap,
                topic,
                replicas,
                minInSyncReplicas,
                client,
                siteId,
                mayCreate,
                follows,
                stateDirectory,
                appendTimeout,
                newClock,
                events);
    }
}
