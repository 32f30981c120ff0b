package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.JournalUnavailableException;
import io.varve.journal.kafka.EnvelopeFold.Step;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** Reads records in order from the brokers, folding them anew. Single-threaded. */
final class TopicCursor implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaJournalConfig config;
    private final EnvelopeFold fold;
    private final Consumer<byte[], byte[]> consumer;
    private final Queue<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();

    TopicCursor(KafkaJournalConfig config, KafkaClients clients, FoldPlace from) {
        this.config = config;
        this.fold = new EnvelopeFold(from);
        this.consumer = clients.consumer(from.nextOffset());
    }

    /**
     * The frame of the record at a position behind the last one read, which must be there.
     *
     * @throws JournalUnavailableException when the brokers did not give it in time
     */
    byte[] at(long position) {
        byte[] frame = next();
        while (fold.position() < position) {
            frame = next();
        }
        return frame;
    }

    private byte[] next() {
        while (true) {
            ConsumerRecord<byte[], byte[]> message = fetched.poll();
            if (message == null) {
                fetch();
                continue;
            }
            byte[] value = message.value();
            Step step = fold.accept(message.offset(), value == null ? new byte[0] : value);
            if (step instanceof Step.Chained chained) {
                return chained.frame();
            }
        }
    }

    private void fetch() {
        long deadline = System.nanoTime() + config.appendTimeout().toNanos();
        while (fetched.isEmpty()) {
            try {
                consumer.poll(POLL).forEach(fetched::add);
            } catch (InvalidOffsetException e) {
                throw new JournalException(
                        "the brokers have deleted or lost records: offset="
                                + fold.place().nextOffset(),
                        e);
            } catch (KafkaException e) {
                throw new JournalUnavailableException(
                        "records cannot be read: brokers %s: %s".formatted(config.bootstrap(), e),
                        e);
            }
            if (System.nanoTime() > deadline && fetched.isEmpty()) {
                throw new JournalUnavailableException(
                        "records are not read in time: brokers %s, position=%d"
                                .formatted(config.bootstrap(), fold.position() + 1));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
