package io.varve.journal.chronicle;

import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FollowedEnd;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.frame.StoredFrames;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.tail.EndSignal;
import io.varve.journal.tail.TailRing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The embedded journal: one partition, one writer, one or more mirror directories.
 *
 * <p>Durability: an append is answered when a majority of the mirrors has synced it; a power
 * failure at any later moment does not lose it. Order: positions are gapless from 1, futures
 * complete in their order, on the journal's own thread, so what depends on them must not block.
 * Failure: see {@link io.varve.journal.Journal#append}; reading goes on when writing has failed.
 */
public final class ChronicleJournal implements StoredJournal {
    static final int PARTITION = 0;

    private final JournalLimits limits;
    private final FrameRules rules;
    private final List<Mirror> mirrors;
    private final TailRing tail;
    private final EndSignal end;
    private final CycleRepairs repairs;
    private final CycleSource source;
    private final JournalWriter writer;

    /** Held while stored records are appended, so that they and {@link #lead} are in order. */
    private final ReentrantLock following = new ReentrantLock();

    private FollowedEnd followed;
    private volatile boolean leads;

    private ChronicleJournal(
            JournalConfig config, JournalMedia media, Recovery.Recovered recovered) {
        long position = recovered.end().mark().position();
        this.limits = config.limits();
        this.rules = FrameRules.of(config.siteId(), limits);
        this.mirrors = recovered.mirrors();
        this.tail = new TailRing(limits.tailRecords(), limits.tailBytes(), position + 1);
        this.end = new EndSignal(position);
        this.repairs = new CycleRepairs(mirrors, media, config.events(), rules);
        this.source = new MirrorFiles(mirrors, rules, config.events(), repairs, recovered.places());
        this.writer =
                new JournalWriter(
                        config,
                        mirrorSet(config),
                        tail,
                        end,
                        recovered.end(),
                        repairs::cycleClosed);
        this.leads = !config.follows();
        this.followed = followedEnd();
    }

    private MirrorSet mirrorSet(JournalConfig config) {
        return config.directories().size() == 1
                ? new SingleMirror(mirrors.getFirst(), config.events())
                : new MirrorGroup(mirrors, config);
    }

    /**
     * Recovers what the directories hold, creates what they lack, and starts the writer.
     *
     * @throws JournalException when the journal is in use, of another site, damaged beyond what its
     *     mirrors can repair, or when too few of its directories are usable
     */
    public static ChronicleJournal open(JournalConfig config) {
        return open(config, new FileMedia());
    }

    /**
     * Removes the records behind a position from a journal that nobody has open, for good: who
     * still wants them has read them before. Does nothing where it ends there. After a crash in
     * between it has to be called again before the journal is opened.
     *
     * @throws JournalException when the journal cannot be opened, or ends before the position
     */
    public static void cut(JournalConfig config, long lastPosition) {
        cut(config, lastPosition, new FileMedia());
    }

    static void cut(JournalConfig config, long lastPosition, JournalMedia media) {
        try (ChronicleJournal whole = open(config.withFollows(true), media)) {
            if (whole.endPosition() < lastPosition) {
                throw new JournalException(
                        "the journal ends before the position to cut it at: end=%d, position=%d"
                                .formatted(whole.endPosition(), lastPosition));
            }
        }
        new JournalCut(config, media, lastPosition).run();
    }

    static ChronicleJournal open(JournalConfig config, JournalMedia media) {
        Recovery.Recovered recovered = new Recovery(config, media).run();
        ChronicleJournal journal = new ChronicleJournal(config, media, recovered);
        try {
            journal.writer.start();
        } catch (RuntimeException e) {
            journal.unlock();
            throw e;
        }
        return journal;
    }

    /**
     * As {@link io.varve.journal.Journal#append}. Blocks while too many appends wait.
     *
     * @throws IllegalArgumentException when the change is incomplete, or larger than a record may
     *     be
     */
    @Override
    public CompletableFuture<JournalRecord> append(Draft draft) {
        if (!leads) {
            return CompletableFuture.failedFuture(
                    new JournalException("the journal follows another one and takes its records"));
        }
        byte[] payload = RecordCodec.encode(draft);
        int frameBytes = FrameDescriptor.HEADER_LENGTH + payload.length;
        if (frameBytes > limits.maxFrameBytes()) {
            throw new IllegalArgumentException(
                    "record is too large: bytes=%d, at most %d"
                            .formatted(frameBytes, limits.maxFrameBytes()));
        }
        return writer.submit(draft, payload);
    }

    @Override
    public long endPosition() {
        return end.position();
    }

    @Override
    public RecordReader read(long fromPosition) {
        return new TailingReader(tail, end, source, fromPosition);
    }

    @Override
    public StoredReader stored(long fromPosition) {
        return new FileStoredReader(source, end::position, fromPosition);
    }

    @Override
    public byte[] chainHash(long position) {
        if (position < 0 || position > end.position()) {
            throw new IllegalArgumentException(
                    "position is not durable: %d, end is %d".formatted(position, end.position()));
        }
        return position == 0 ? ChainHash.genesis() : storedAt(position).chain();
    }

    private StoredRecord storedAt(long position) {
        try (FileReader reader = new FileReader(source)) {
            return StoredFrames.decode(reader.at(position).frameBytes());
        }
    }

    private FollowedEnd followedEnd() {
        long position = end.position();
        return new FollowedEnd(
                PARTITION, rules.maxFrameBytes(), position == 0 ? null : storedAt(position));
    }

    @Override
    public void appendStored(List<StoredRecord> records) {
        following.lock();
        try {
            if (leads) {
                throw new JournalException("the journal leads: it gives records their places");
            }
            followed.check(records);
            List<Draft> drafts =
                    records.stream()
                            .map(record -> RecordCodec.decode(ByteBuffer.wrap(record.payload())))
                            .toList();
            List<CompletableFuture<JournalRecord>> pending = new ArrayList<>(records.size());
            for (int i = 0; i < records.size(); i++) {
                pending.add(writer.submitStored(records.get(i), drafts.get(i)));
            }
            CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new)).join();
            if (!records.isEmpty()) {
                followed.advance(records.getLast());
            }
        } catch (CompletionException e) {
            followed = followedEnd();
            throw e.getCause() instanceof JournalException known
                    ? known
                    : new JournalException("stored records cannot be appended: " + e, e);
        } finally {
            following.unlock();
        }
    }

    @Override
    public long lead(long epochMin) {
        following.lock();
        try {
            if (!leads) {
                long newer = Math.max(writer.writerEpoch(), followed.writerEpoch() + 1);
                writer.beginEpoch(Math.max(epochMin, newer));
                leads = true;
            }
            if (writer.writerEpoch() < epochMin) {
                throw new JournalException(
                        "the journal leads with writer epoch %d already, asked for %d"
                                .formatted(writer.writerEpoch(), epochMin));
            }
            return writer.writerEpoch();
        } finally {
            following.unlock();
        }
    }

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public long writerEpoch() {
        if (leads) {
            return writer.writerEpoch();
        }
        following.lock();
        try {
            return followed.writerEpoch();
        } finally {
            following.unlock();
        }
    }

    @Override
    public boolean awaitDurable(long position, Duration timeout) throws InterruptedException {
        return end.await(position, timeout.toNanos());
    }

    /**
     * Reads every frame of a range on every mirror, up to where all those in use have got. Damage
     * is reported, and repaired where another mirror has what is missing (later, see {@link
     * JournalEvent.CycleRepaired}).
     */
    public VerifyReport verify(long fromPosition, long toPosition) {
        long last = Math.min(toPosition, end.position());
        for (Mirror mirror : mirrors) {
            if (!mirror.isDropped()) {
                last = Math.min(last, mirror.syncedPosition());
            }
        }
        JournalVerifier verifier = new JournalVerifier(rules);
        List<VerifyReport.MirrorReport> reports = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            VerifyReport.MirrorReport report =
                    verifier.verify(mirror.directory(), mirror.cycles(), fromPosition, last);
            for (VerifyReport.Problem problem : report.problems()) {
                source.damaged(problem.file(), problem.position(), problem.reason());
            }
            reports.add(report);
        }
        return new VerifyReport(fromPosition, last, reports);
    }

    /** Returns when all damage that was found so far has been repaired, or cannot be. */
    public void awaitRepairs() throws InterruptedException {
        repairs.await();
    }

    @Override
    public void close() {
        try {
            repairs.close();
            writer.close();
        } finally {
            unlock();
        }
    }

    private void unlock() {
        for (Mirror mirror : mirrors) {
            try {
                mirror.unlock();
            } catch (IOException e) {
                throw new JournalException("cannot unlock " + mirror.directory(), e);
            }
        }
    }
}
