package io.varve.journal.kafka;

/** What an operator should know of the journal on Kafka. */
public sealed interface KafkaJournalEvent {
    /** A topic for the journal was made. */
    record TopicCreated(String topic, int replicas) implements KafkaJournalEvent {}

    /** Something in the topic is no part of the journal, and was passed over. */
    record Ignored(long offset, String reason) implements KafkaJournalEvent {}

    /** The brokers cannot be read from at the moment; it is tried again. */
    record Unreachable(String reason) implements KafkaJournalEvent {}

    /**
     * The journal cannot be followed any more: nothing is read or appended until it is reopened.
     */
    record Failed(String reason) implements KafkaJournalEvent {}
}
