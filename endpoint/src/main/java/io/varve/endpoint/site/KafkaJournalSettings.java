package io.varve.endpoint.site;

import java.time.Duration;
import java.util.Map;

/**
 * A site's journal on Kafka.
 *
 * @param bootstrap addresses of some of the brokers
 * @param timeout how long a write waits for the brokers
 * @param client settings of Kafka's clients, by Kafka's names
 */
public record KafkaJournalSettings(
        String bootstrap,
        String topic,
        int replicas,
        int minInSyncReplicas,
        Duration timeout,
        Map<String, String> client) {
    public KafkaJournalSettings {
        client = Map.copyOf(client);
    }
}
