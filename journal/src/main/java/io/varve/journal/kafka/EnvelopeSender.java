package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.JournalUnavailableException;
import io.varve.journal.kafka.Sent.Folded;
import io.varve.journal.record.Draft;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sends envelopes to the brokers in the order in which they are given, on a thread of its own: the
 * library's call may wait for brokers, and who appends must not. Any thread may send; {@link #take}
 * is the tail's.
 */
final class EnvelopeSender implements AutoCloseable {
    /** More callers than this wait. */
    private static final int PENDING_MAX = 8_192;

    private record Outgoing(Sent sent, Envelope envelope, UUID siteId) {}

    private final KafkaJournalConfig config;
    private final TopicPartition partition;
    private final Producer<byte[], byte[]> producer;
    private final UUID writer = UUID.randomUUID();
    private final BlockingQueue<Outgoing> outgoing = new LinkedBlockingQueue<>();
    private final Map<Long, Sent> pending = new ConcurrentHashMap<>();
    private final Semaphore slots = new Semaphore(PENDING_MAX);
    private final Thread thread;

    /** Guards the order of numbers and of the queue. */
    private final Object order = new Object();

    private long nextNumber = 1;
    private boolean closed;
    private volatile @Nullable JournalException refusal;

    EnvelopeSender(KafkaJournalConfig config, KafkaClients clients) {
        this.config = config;
        this.partition = clients.partition();
        this.producer = clients.producer();
        this.thread = Thread.ofPlatform().daemon().name("journal-sender").unstarted(this::run);
        thread.start();
    }

    /**
     * Blocks while too many envelopes wait. The future completes on the tail's thread, or fails on
     * whichever found that it was in vain.
     */
    CompletableFuture<Folded> send(
            Envelope.Kind kind,
            long writerEpoch,
            UUID siteId,
            byte[] payload,
            @Nullable Draft draft) {
        slots.acquireUninterruptibly();
        Sent sent;
        synchronized (order) {
            sent = new Sent(nextNumber++, draft);
            if (closed) {
                refuse(sent, new JournalException("journal is closed"));
            } else {
                pending.put(sent.number(), sent);
                Envelope envelope =
                        new Envelope(
                                kind, nowMicros(), writerEpoch, writer, sent.number(), payload);
                outgoing.add(new Outgoing(sent, envelope, siteId));
            }
        }
        JournalException ended = refusal;
        if (ended != null) {
            giveUp(sent, ended);
        }
        return sent.folded();
    }

    private long nowMicros() {
        Instant now = config.clock().instant();
        return Math.addExact(
                Math.multiplyExact(now.getEpochSecond(), 1_000_000L), now.getNano() / 1_000);
    }

    private void run() {
        try {
            while (true) {
                Outgoing next = outgoing.take();
                if (next.sent().number() < 0) {
                    return;
                }
                transmit(next);
            }
        } catch (InterruptedException _) {
            failAll(new JournalException("journal is closed"));
        }
    }

    private void transmit(Outgoing next) {
        Sent sent = next.sent();
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        null,
                        next.envelope().encode(next.siteId()));
        try {
            var unused =
                    producer.send(
                            message,
                            (_, fault) -> {
                                if (fault == null) {
                                    sent.settled().complete(null);
                                } else {
                                    giveUp(sent, lost(fault));
                                }
                            });
        } catch (RuntimeException e) {
            giveUp(sent, lost(e));
        }
    }

    private JournalException lost(Throwable fault) {
        return new JournalUnavailableException(
                "the brokers did not acknowledge a record: %s: %s"
                        .formatted(config.bootstrap(), fault),
                fault);
    }

    /** What was sent under this number, if it was sent by this writer and is still awaited. */
    @Nullable Sent take(UUID sender, long number) {
        return sender.equals(writer) ? pending.get(number) : null;
    }

    /** Tells who waits what became of it. */
    void fold(Sent sent, Folded folded) {
        if (pending.remove(sent.number(), sent)) {
            slots.release();
            sent.folded().complete(folded);
        }
    }

    void giveUp(Sent sent, JournalException fault) {
        if (pending.remove(sent.number(), sent)) {
            slots.release();
            sent.settled().complete(null);
            sent.folded().completeExceptionally(fault);
        }
    }

    private void refuse(Sent sent, JournalException fault) {
        slots.release();
        sent.folded().completeExceptionally(fault);
    }

    /** Returns when everybody knows what became of what they sent, or the time is over. */
    void awaitFolded(Duration timeout) {
        try {
            if (slots.tryAcquire(PENDING_MAX, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                slots.release(PENDING_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nobody will learn what becomes of what is sent from now on. */
    void failAll(JournalException fault) {
        // First said, then emptied: whoever sends sees the one or is seen by the other.
        refusal = fault;
        pending.values().forEach(sent -> giveUp(sent, fault));
    }

    /**
     * Takes nothing more, and returns when what was taken has reached the brokers or was given up;
     * the tail has to go on until {@link #awaitFolded}.
     */
    @Override
    public void close() {
        synchronized (order) {
            if (!closed) {
                closed = true;
                Envelope none = new Envelope(Envelope.Kind.BARRIER, 0, 0, writer, 0, new byte[0]);
                outgoing.add(new Outgoing(new Sent(-1, null), none, FoldPlace.NOBODY));
            }
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        producer.close(Duration.ofMillis(config.appendTimeout().toMillis()));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
