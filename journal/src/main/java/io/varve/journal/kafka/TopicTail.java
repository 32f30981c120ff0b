package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.kafka.EnvelopeFold.Step;
import io.varve.journal.kafka.Sent.Folded;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.tail.EndSignal;
import io.varve.journal.tail.TailRing;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Follows the topic, folds what comes, gives it to readers, and tells this writer what became of
 * what it sent. All of it is done by one thread.
 *
 * <p>Readers see a record of this writer only once the brokers have acknowledged it: where fewer
 * replicas are in sync than must be, it can be read before, and yet be lost.
 */
final class TopicTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final byte[] NONE = {};
    private static final int RING_RECORDS = 8_192;
    private static final long RING_BYTES = 32L << 20;

    private final KafkaJournalConfig config;
    private final EnvelopeSender sender;
    private final PlaceFile places;
    private final Consumer<byte[], byte[]> consumer;
    private final EnvelopeFold fold;
    private final TailRing ring;
    private final EndSignal end;
    private final Thread thread;

    /** Own envelopes that were folded since the last {@link #publish}. */
    private final List<Told> told = new ArrayList<>();

    /** The position before the envelope at hand. */
    private long endBefore;

    private boolean reachable = true;
    private volatile boolean closing;
    private volatile FoldPlace published;

    private record Told(Sent sent, Folded folded) {}

    TopicTail(
            KafkaJournalConfig config,
            KafkaClients clients,
            EnvelopeSender sender,
            PlaceFile places) {
        this.config = config;
        this.sender = sender;
        this.places = places;
        FoldPlace start = places.start();
        this.fold = new EnvelopeFold(start);
        this.published = start;
        this.ring = new TailRing(RING_RECORDS, RING_BYTES, start.position() + 1);
        this.end = new EndSignal(start.position());
        this.consumer = clients.consumer(start.nextOffset());
        this.thread = Thread.ofPlatform().daemon().name("journal-tail").unstarted(this::run);
        thread.start();
    }

    EndSignal end() {
        return end;
    }

    TailRing ring() {
        return ring;
    }

    /** Up to where readers can read. */
    FoldPlace published() {
        return published;
    }

    private void run() {
        JournalException reason = new JournalException("journal is closed");
        try (consumer) {
            while (!closing) {
                poll();
            }
        } catch (WakeupException _) {
            // Said by close alone.
        } catch (RuntimeException | Error e) {
            reason =
                    e instanceof JournalException known
                            ? known
                            : new JournalException("journal cannot be followed: " + e, e);
            config.events().accept(new KafkaJournalEvent.Failed(String.valueOf(e)));
        } finally {
            end.close();
            sender.failAll(reason);
        }
    }

    private void poll() {
        Iterable<ConsumerRecord<byte[], byte[]>> batch;
        try {
            batch = consumer.poll(POLL);
        } catch (WakeupException e) {
            throw e;
        } catch (InvalidOffsetException e) {
            throw new JournalException(
                    "the brokers have deleted or lost what comes next: offset="
                            + fold.place().nextOffset(),
                    e);
        } catch (KafkaException e) {
            if (reachable) {
                reachable = false;
                config.events().accept(new KafkaJournalEvent.Unreachable(e.toString()));
            }
            LockSupport.parkNanos(RETRY_NANOS);
            return;
        }
        reachable = true;
        for (ConsumerRecord<byte[], byte[]> message : batch) {
            byte[] value = message.value();
            endBefore = fold.position();
            take(message.offset(), fold.accept(message.offset(), value == null ? NONE : value));
        }
        publish();
    }

    private void take(long offset, Step step) {
        switch (step) {
            case Step.Chained chained -> {
                Sent sent = own(chained.writer(), chained.number());
                JournalRecord record = record(chained.frame(), sent == null ? null : sent.draft());
                ring.add(record, chained.frame().length);
                tell(sent, step);
                if (record.position() % PlaceFile.INTERVAL == 0) {
                    places.note(fold.place());
                }
            }
            case Step.Fenced fenced -> tell(own(fenced.writer(), fenced.number()), step);
            case Step.Unfit unfit -> tell(own(unfit.writer(), unfit.number()), step);
            case Step.Epoch epoch -> tell(own(epoch.writer(), epoch.number()), step);
            case Step.Barrier barrier -> tell(own(barrier.writer(), barrier.number()), step);
            case Step.Founded founded -> tell(own(founded.writer(), founded.number()), step);
            case Step.Ignored ignored ->
                    config.events().accept(new KafkaJournalEvent.Ignored(offset, ignored.reason()));
        }
    }

    /**
     * What this writer sent, when it is settled. What came before it is given to readers first,
     * since it may take its time.
     */
    private @Nullable Sent own(UUID writer, long number) {
        Sent sent = sender.take(writer, number);
        if (sent == null) {
            return null;
        }
        if (!sent.settled().isDone()) {
            publishBefore();
            sent.settled().join();
        }
        return sent.folded().isDone() ? null : sent;
    }

    private void tell(@Nullable Sent sent, Step step) {
        if (sent != null) {
            told.add(new Told(sent, new Folded(step, fold.position())));
        }
    }

    /** All but the envelope just folded. */
    private void publishBefore() {
        end.advance(endBefore);
        tellAll();
    }

    /** Readers first, then the callers, who will want to see what the readers make of it. */
    private void publish() {
        FoldPlace place = fold.place();
        if (place.nextOffset() != published.nextOffset()) {
            published = place;
            end.advance(place.position());
            tellAll();
        }
    }

    private void tellAll() {
        for (Told each : told) {
            sender.fold(each.sent(), each.folded());
        }
        told.clear();
    }

    /**
     * @param known the draft that the frame was made of, which then is not decoded
     */
    static JournalRecord record(byte[] frame, @Nullable Draft known) {
        Draft draft = known;
        if (draft == null) {
            draft = RecordCodec.decode(payload(frame));
        }
        return new JournalRecord(
                FrameDescriptor.partition(frame, 0),
                FrameDescriptor.position(frame, 0),
                FrameDescriptor.timeMicros(frame, 0),
                FrameDescriptor.writerEpoch(frame, 0),
                draft.requestId(),
                draft.principal(),
                draft.change());
    }

    private static ByteBuffer payload(byte[] frame) {
        return ByteBuffer.wrap(
                frame, FrameDescriptor.HEADER_LENGTH, FrameDescriptor.payloadLength(frame, 0));
    }

    @Override
    public void close() {
        closing = true;
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
