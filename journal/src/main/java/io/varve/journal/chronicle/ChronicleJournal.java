package io.varve.journal.chronicle;

import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;

import java.io.IOException;
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
    private final List<Mirror> mirrors;
    private final TailRing tail;
    private final EndSignal end;
    private final CycleSource source;
    private final JournalWriter writer;

    private ChronicleJournal(JournalConfig config, Recovery.Recovered recovered) {
        long position = recovered.end().mark().position();
        this.limits = config.limits();
        this.mirrors = recovered.mirrors();
        this.tail = new TailRing(limits.tailRecords(), limits.tailBytes(), position + 1);
        this.end = new EndSignal(position);
        this.source = new CycleSource(mirrors, limits.maxFrameBytes(), config.events());
        this.writer = new JournalWriter(config, mirrorSet(config), tail, end, recovered.end());
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
        ChronicleJournal journal = new ChronicleJournal(config, recovered);
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

    @Override
    public void close() {
        try {
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
