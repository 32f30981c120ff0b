package io.varve.journal.chronicle;

import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.tail.EndSignal;
import io.varve.journal.tail.TailRing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The embedded journal: one partition, one writer, one or more mirror directories.
 *
 * <p>Durability: an append is answered when a majority of the mirrors has synced it; a power
 * failure at any later moment does not lose it. Order: positions are gapless from 1, futures
 * complete in their order, on the journal's own thread, so what depends on them must not block.
 * Failure: see {@link Journal#append}; reading goes on when writing has failed.
 */
public final class ChronicleJournal implements Journal {
    static final int PARTITION = 0;

    private final JournalLimits limits;
    private final FrameRules rules;
    private final List<Mirror> mirrors;
    private final TailRing tail;
    private final EndSignal end;
    private final CycleRepairs repairs;
    private final CycleSource source;
    private final JournalWriter writer;

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
     * As {@link Journal#append}. Blocks while too many appends wait.
     *
     * @throws IllegalArgumentException when the change is incomplete, or larger than a record may
     *     be
     */
    @Override
    public CompletableFuture<JournalRecord> append(Draft draft) {
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

    /** Reads verified frames from a position on, for a second site. */
    public FrameReader frames(long fromPosition) {
        return new FrameReader(source, end::position, fromPosition);
    }

    /**
     * The chain hash at a durable position: equal hashes mean equal histories up to there. At 0 it
     * is 32 zero bytes.
     *
     * @throws JournalException when the position cannot be read
     */
    public byte[] chainHash(long position) {
        if (position < 0 || position > end.position()) {
            throw new IllegalArgumentException(
                    "position is not durable: %d, end is %d".formatted(position, end.position()));
        }
        if (position == 0) {
            return ChainHash.genesis();
        }
        try (FileReader reader = new FileReader(source)) {
            return reader.at(position).chainEnd();
        }
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
