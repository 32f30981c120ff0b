package io.varve.journal.kafka;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.FollowedEnd;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.frame.StoredFrames;
import io.varve.journal.kafka.EnvelopeFold.Step;
import io.varve.journal.kafka.Sent.Folded;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The journal on Kafka: one partition of one topic, any number of writers. Every reader makes the
 * same records of what the writers sent (see {@link EnvelopeFold}).
 *
 * <p>Durability: an append is answered when all replicas in sync have it, at least {@link
 * KafkaJournalConfig#minInSyncReplicas} of them. Kafka's brokers have it in memory then, on
 * different machines, and on disk only where {@code flush.messages=1} says so. Order: positions are
 * gapless from 1, futures complete in their order, on the journal's own thread, so what depends on
 * them must not block. Failure: while the brokers cannot be reached appends fail with {@link
 * io.varve.journal.JournalUnavailableException}, and may yet come to be; the journal goes on by
 * itself. It ends when it is fenced, and when the brokers have lost or changed what they had.
 */
public final class KafkaJournal implements StoredJournal {
    /** As the embedded journal's by default, so that either can take over the other's records. */
    private static final int MAX_FRAME_BYTES = (1 << 20) - 64;

    private static final byte[] NOTHING = {};

    private final KafkaJournalConfig config;
    private final KafkaClients clients;
    private final PlaceFile places;
    private final EnvelopeSender sender;
    private final TopicTail tail;
    private final Confirmations confirmations;
    private UUID siteId = FoldPlace.NOBODY;
    private volatile boolean leads;
    private volatile long writerEpoch;
    private volatile @Nullable FencedException fenced;

    private KafkaJournal(KafkaJournalConfig config, KafkaClients clients, PlaceFile places) {
        this.config = config;
        this.clients = clients;
        this.places = places;
        this.sender = new EnvelopeSender(config, clients);
        this.tail = new TopicTail(config, clients, sender, places);
        this.confirmations = new Confirmations(this::barrier);
    }

    /**
     * Opens the topic, made and founded when there is none and may be, and returns once everything
     * is read that was acknowledged to anyone before.
     *
     * @throws JournalException when the topic is not safe for a journal, of another site, or not
     *     what it was
     */
    public static KafkaJournal open(KafkaJournalConfig config) {
        KafkaClients clients = new KafkaClients(config);
        PlaceFile places =
                PlaceFile.open(config.stateDirectory(), new TopicSetup(config, clients).run());
        KafkaJournal journal;
        try {
            journal = new KafkaJournal(config, clients, places);
        } catch (RuntimeException e) {
            places.close();
            throw e;
        }
        try {
            journal.begin();
            return journal;
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private void begin() {
        joined(barrier());
        if (tail.published().siteId().equals(FoldPlace.NOBODY)) {
            if (!config.mayCreate()) {
                throw new JournalException("there is no journal in topic " + config.topic());
            }
            found();
        }
        FoldPlace place = tail.published();
        siteId = place.siteId();
        writerEpoch = place.writerEpoch();
        leads = place.leads();
        if (!leads && !config.follows()) {
            throw new JournalException(
                    "the journal in topic %s follows another one and does not lead yet"
                            .formatted(config.topic()));
        }
        if (!siteId.equals(config.siteId()) && !config.mayCreate()) {
            throw new JournalException(
                    "the journal in topic %s is of another site: %s, expected %s"
                            .formatted(config.topic(), siteId, config.siteId()));
        }
    }

    /** Two that found at the same time agree on the first. */
    private void found() {
        byte[] id = Envelope.encodeSiteId(config.siteId());
        long epoch = config.follows() ? 0 : EnvelopeFold.FIRST_EPOCH;
        joined(sender.send(Envelope.Kind.FOUNDING, epoch, FoldPlace.NOBODY, id, null));
    }

    private static <T> T joined(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof JournalException known
                    ? known
                    : new JournalException("journal cannot be opened: " + e.getCause(), e);
        }
    }

    /** Whose journal it is. */
    public UUID siteId() {
        return siteId;
    }

    /**
     * As {@link io.varve.journal.Journal#append}. Blocks while too many appends wait.
     *
     * @throws IllegalArgumentException when the change is incomplete, or larger than a record may
     *     be
     */
    @Override
    public CompletableFuture<JournalRecord> append(Draft draft) {
        byte[] payload = RecordCodec.encode(draft);
        int frameBytes = FrameDescriptor.HEADER_LENGTH + payload.length;
        if (frameBytes > MAX_FRAME_BYTES) {
            throw new IllegalArgumentException(
                    "record is too large: bytes=%d, at most %d"
                            .formatted(frameBytes, MAX_FRAME_BYTES));
        }
        if (!leads) {
            return CompletableFuture.failedFuture(
                    new JournalException("the journal follows another one and takes its records"));
        }
        FencedException ended = fenced;
        if (ended != null) {
            return CompletableFuture.failedFuture(ended);
        }
        return send(Envelope.Kind.DRAFT, payload, draft)
                .thenApply(
                        folded ->
                                switch (folded.step()) {
                                    case Step.Chained chained ->
                                            TopicTail.record(chained.frame(), draft);
                                    case Step.Fenced refused -> throw fencedBy(refused.openEpoch());
                                    case Step.Epoch _,
                                            Step.Barrier _,
                                            Step.Founded _,
                                            Step.Unfit _,
                                            Step.Ignored _ ->
                                            throw new JournalException(
                                                    "a draft became no record: " + folded.step());
                                });
    }

    private FencedException fencedBy(long openEpoch) {
        FencedException known = fenced;
        if (known == null) {
            known = new FencedException(writerEpoch, openEpoch);
            fenced = known;
        }
        return known;
    }

    private CompletableFuture<Folded> send(
            Envelope.Kind kind, byte[] payload, @Nullable Draft draft) {
        return sender.send(kind, writerEpoch, siteId, payload, draft);
    }

    /**
     * Begins the next writer epoch: from its place in the journal on, whatever writers of older
     * epochs still send is passed over by all readers.
     *
     * @throws JournalException when another writer was faster, and this one is fenced, or when the
     *     brokers cannot be reached
     */
    public void openWriterEpoch() {
        open(tail.published().writerEpoch() + 1);
    }

    @Override
    public long lead(long epochMin) {
        if (!leads || writerEpoch < epochMin || fenced != null) {
            open(Math.max(epochMin, tail.published().writerEpoch() + 1));
        }
        return writerEpoch;
    }

    private void open(long wanted) {
        Folded folded = joined(sender.send(Envelope.Kind.EPOCH, wanted, siteId, NOTHING, null));
        if (!(folded.step() instanceof Step.Epoch epoch) || !epoch.opened()) {
            throw new JournalException(
                    "the writer epoch is not a new one: %d, the journal has %d"
                            .formatted(wanted, tail.published().writerEpoch()));
        }
        writerEpoch = wanted;
        leads = true;
    }

    /** One that leads does so with all its other writers, and never follows again. */
    @Override
    public boolean leads() {
        return leads;
    }

    /**
     * As {@link StoredJournal#appendStored}; one caller at a time, and the only one of the topic. A
     * record that another caller has appended meanwhile is refused.
     */
    @Override
    public synchronized void appendStored(List<StoredRecord> records) {
        if (leads) {
            throw new JournalException("the journal leads: it gives records their places");
        }
        FoldPlace end = tail.published();
        StoredRecord last = end.position() == 0 ? null : lastStored(end);
        new FollowedEnd(EnvelopeFold.PARTITION, MAX_FRAME_BYTES, last).check(records);
        List<CompletableFuture<Folded>> sent =
                records.stream()
                        .map(record -> send(Envelope.Kind.STORED, StoredFrames.whole(record), null))
                        .toList();
        for (CompletableFuture<Folded> each : sent) {
            Step step = joined(each).step();
            if (!(step instanceof Step.Chained)) {
                throw new JournalException("a stored record was not taken: " + step);
            }
        }
    }

    /** As much of the last record as those that follow are compared with. */
    private static StoredRecord lastStored(FoldPlace end) {
        return new StoredRecord(
                EnvelopeFold.PARTITION,
                end.position(),
                end.timeMicros(),
                end.writerEpoch(),
                end.chain(),
                NOTHING);
    }

    @Override
    public long writerEpoch() {
        return leads ? writerEpoch : tail.published().writerEpoch();
    }

    @Override
    public boolean awaitDurable(long position, Duration timeout) throws InterruptedException {
        return tail.end().await(position, timeout.toNanos());
    }

    @Override
    public StoredReader stored(long fromPosition) {
        return new StoredTopicReader(tail.end(), this::cursorBefore, fromPosition);
    }

    @Override
    public long endPosition() {
        return tail.end().position();
    }

    @Override
    public CompletableFuture<Long> confirmedEnd() {
        return confirmations.confirm();
    }

    private CompletableFuture<Long> barrier() {
        return send(Envelope.Kind.BARRIER, NOTHING, null).thenApply(Folded::position);
    }

    @Override
    public RecordReader read(long fromPosition) {
        return new TopicReader(tail, this::cursorBefore, fromPosition);
    }

    private TopicCursor cursorBefore(long position) {
        return new TopicCursor(config, clients, places.before(position - 1));
    }

    @Override
    public byte[] chainHash(long position) {
        if (position < 0 || position > endPosition()) {
            throw new IllegalArgumentException(
                    "position is not durable: %d, end is %d".formatted(position, endPosition()));
        }
        FoldPlace place = places.before(position);
        if (place.position() == position) {
            return place.chain().clone();
        }
        try (TopicCursor cursor = new TopicCursor(config, clients, place)) {
            return FrameDescriptor.chain(cursor.at(position), 0);
        }
    }

    @Override
    public void close() {
        sender.close();
        sender.awaitFolded(config.appendTimeout());
        tail.close();
        places.close();
    }
}
