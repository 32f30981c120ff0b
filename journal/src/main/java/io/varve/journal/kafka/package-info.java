/**
 * The journal on Kafka: many writers, one topic, and a fold by which every reader chains what they
 * sent in the same way. Start with {@link io.varve.journal.kafka.KafkaJournal}; the bytes are
 * described in {@link io.varve.journal.kafka.Envelope} and in docs/formats/kafka-journal.md.
 */
@NullMarked
package io.varve.journal.kafka;

import org.jspecify.annotations.NullMarked;
