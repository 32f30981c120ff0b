package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.JournalUnavailableException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes Kafka's clients with the settings that the journal's promises rest on. */
final class KafkaClients {
    /** The journal's largest record and what Kafka puts around it, with room to spare. */
    static final int MAX_MESSAGE_BYTES = 2 << 20;

    private static final int REQUEST_TIMEOUT_MS = 3_000;
    private static final int RETRY_BACKOFF_MS = 50;
    private static final int RETRY_BACKOFF_MAX_MS = 500;
    private static final int METADATA_AGE_MAX_MS = 30_000;
    private static final int BATCH_BYTES = 256 << 10;
    private static final int BUFFER_BYTES = 64 << 20;
    private static final int POLL_RECORDS_MAX = 2_000;

    private final KafkaJournalConfig config;

    KafkaClients(KafkaJournalConfig config) {
        this.config = config;
    }

    TopicPartition partition() {
        return new TopicPartition(config.topic(), EnvelopeFold.PARTITION);
    }

    Admin admin() {
        return made(Admin::create, common());
    }

    /** All replicas in sync have it before it is acknowledged; a retry never makes two of it. */
    Producer<byte[], byte[]> producer() {
        Map<String, Object> settings = common();
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("max.in.flight.requests.per.connection", 5);
        settings.put("retries", Integer.MAX_VALUE);
        settings.put("linger.ms", 0);
        settings.put("compression.type", "none");
        settings.put("batch.size", BATCH_BYTES);
        settings.put("buffer.memory", BUFFER_BYTES);
        settings.put("max.request.size", MAX_MESSAGE_BYTES);
        int timeoutMs = Math.toIntExact(config.appendTimeout().toMillis());
        settings.put("delivery.timeout.ms", timeoutMs);
        settings.put("request.timeout.ms", Math.min(REQUEST_TIMEOUT_MS, timeoutMs));
        settings.put("max.block.ms", timeoutMs);
        settings.put("metadata.max.idle.ms", Integer.MAX_VALUE);
        return made(KafkaProducer::new, settings);
    }

    /** Reads the journal's partition from an offset on; it never skips what is not there. */
    Consumer<byte[], byte[]> consumer(long fromOffset) {
        Map<String, Object> settings = common();
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("auto.offset.reset", "none");
        settings.put("enable.auto.commit", false);
        settings.put("isolation.level", "read_uncommitted");
        settings.put("check.crcs", true);
        settings.put("fetch.min.bytes", 1);
        settings.put("max.partition.fetch.bytes", 2 * MAX_MESSAGE_BYTES);
        settings.put("max.poll.records", POLL_RECORDS_MAX);
        settings.put("request.timeout.ms", REQUEST_TIMEOUT_MS);
        Consumer<byte[], byte[]> consumer = made(KafkaConsumer::new, settings);
        consumer.assign(List.of(partition()));
        consumer.seek(partition(), fromOffset);
        return consumer;
    }

    /** A member of a group of which one at a time has the journal's partition; reads nothing. */
    Consumer<byte[], byte[]> member(String group, int sessionMs) {
        Map<String, Object> settings = common();
        settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
        settings.put("group.id", group);
        settings.put("group.protocol", "classic");
        settings.put("session.timeout.ms", sessionMs);
        settings.put("heartbeat.interval.ms", sessionMs / 6);
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", false);
        settings.put("request.timeout.ms", REQUEST_TIMEOUT_MS);
        settings.put("default.api.timeout.ms", REQUEST_TIMEOUT_MS);
        return made(KafkaConsumer::new, settings);
    }

    private Map<String, Object> common() {
        Map<String, Object> settings = new HashMap<>(config.client());
        settings.put("bootstrap.servers", config.bootstrap());
        settings.put("client.id", "varve");
        settings.put("retry.backoff.ms", RETRY_BACKOFF_MS);
        settings.put("retry.backoff.max.ms", RETRY_BACKOFF_MAX_MS);
        settings.put("reconnect.backoff.ms", RETRY_BACKOFF_MS);
        settings.put("reconnect.backoff.max.ms", RETRY_BACKOFF_MAX_MS);
        settings.put("metadata.max.age.ms", METADATA_AGE_MAX_MS);
        settings.put("enable.metrics.push", false);
        return settings;
    }

    private static <T> T made(Function<Map<String, Object>, T> client, Map<String, Object> with) {
        try {
            return client.apply(with);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new JournalException("Kafka's client cannot be made: " + cause.getMessage(), e);
        }
    }

    /** A fault of the brokers, or of the way to them, in the journal's words. */
    JournalException told(String what, @Nullable Throwable fault) {
        String message = "%s: brokers %s: %s".formatted(what, config.bootstrap(), fault);
        return fault instanceof RetriableException
                ? new JournalUnavailableException(message, fault)
                : new JournalException(message, fault);
    }
}
