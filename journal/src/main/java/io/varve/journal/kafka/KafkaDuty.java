package io.varve.journal.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Finds out which one of the writers of a journal does what is to be done in one place at a time.
 *
 * <p>It is whoever has the journal's partition in a consumer group of Kafka's. The brokers give it
 * to another one when they have not heard of the first for {@link #SESSION_MS}. That the first
 * knows of it in time is seen to here: it commits, which only the group's member may, about each
 * second, and counts as on duty no longer than {@link #LEASE_MS} from when it began the last commit
 * that succeeded. A process that was stopped, or cut off, finds its time over when it goes on.
 *
 * <p>{@link #mine} may be asked by any thread.
 */
public final class KafkaDuty implements AutoCloseable {
    static final int SESSION_MS = 6_000;

    /** A second less, for clocks that do not run equally fast. */
    static final int LEASE_MS = 5_000;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration COMMIT_PATIENCE = Duration.ofSeconds(2);
    private static final long RETRY_NANOS = 200_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final LongSupplier nanoClock;
    private final Thread thread;
    private volatile boolean held;
    private volatile long heldUntilNanos;
    private volatile boolean closing;

    private KafkaDuty(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, LongSupplier nanoClock) {
        this.consumer = consumer;
        this.partition = partition;
        this.nanoClock = nanoClock;
        this.thread = Thread.ofPlatform().daemon().name("journal-duty").unstarted(this::run);
    }

    /** Takes part; returns at once. */
    public static KafkaDuty join(KafkaJournalConfig config) {
        KafkaClients clients = new KafkaClients(config);
        KafkaDuty duty =
                new KafkaDuty(
                        clients.member(config.topic() + "-duty", SESSION_MS),
                        clients.partition(),
                        System::nanoTime);
        duty.thread.start();
        return duty;
    }

    /** Whether it is this process, now and for a moment more. */
    public boolean mine() {
        return held && heldUntilNanos - nanoClock.getAsLong() > 0;
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(partition.topic()), new Turns());
            while (!closing) {
                turn();
            }
        } catch (WakeupException _) {
            // Said by close alone.
        } finally {
            held = false;
        }
    }

    private void turn() {
        try {
            consumer.poll(POLL);
            if (consumer.assignment().contains(partition)) {
                long began = nanoClock.getAsLong();
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)), COMMIT_PATIENCE);
                heldUntilNanos = began + LEASE_MS * 1_000_000L;
                held = true;
            } else {
                held = false;
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException _) {
            // What was held runs out by itself.
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    /** Owned by the thread that polls. */
    private final class Turns implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            held = false;
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            held = false;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Nobody is to read the journal here.
            consumer.pause(partitions);
        }
    }

    /** Leaves, so that another one takes over at once. */
    @Override
    public void close() {
        closing = true;
        held = false;
        consumer.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
