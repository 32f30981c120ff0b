package io.varve.journal.archive;

import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.archive.ArchiveSegment.Range;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.StoredFrames;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * The records of one journal from the first on, as far as they were archived. It only grows:
 * segments are added behind the last, each whole or not at all, so whatever interrupts that, the
 * archive is a prefix of the journal, and the next run goes on where it ends. Used by one thread.
 */
public final class JournalArchive {
    private static final int BATCH_RECORDS = 2_000;
    private static final long BATCH_BYTES = 4L << 20;

    /** A segment is kept in memory while it is written and read. */
    private static final long SEGMENT_BYTES = 16L << 20;

    private final ArchiveStore store;
    private final long segmentBytes;
    private final List<Range> segments;
    private @Nullable UUID siteId;
    private byte[] end;

    /**
     * What a journal's archive holds.
     *
     * @param siteId null while it is empty
     * @param chain the chain hash of the last record
     */
    public record Extent(@Nullable UUID siteId, long endPosition, int segmentCount, byte[] chain) {}

    private JournalArchive(
            ArchiveStore store,
            long segmentBytes,
            List<Range> segments,
            @Nullable UUID siteId,
            byte[] end) {
        this.store = store;
        this.segmentBytes = segmentBytes;
        this.segments = new ArrayList<>(segments);
        this.siteId = siteId;
        this.end = end;
    }

    /**
     * Looks at what is there: all names, and the last segment.
     *
     * @throws ArchiveException when records are missing in between, or the last segment is damaged
     */
    public static JournalArchive open(ArchiveStore store) {
        return open(store, SEGMENT_BYTES);
    }

    static JournalArchive open(ArchiveStore store, long segmentBytes) {
        try {
            List<Range> segments = new ArrayList<>();
            for (String name : store.names()) {
                Range range = ArchiveSegment.range(name);
                if (range != null) {
                    segments.add(range);
                }
            }
            segments.sort(Comparator.comparingLong(Range::first));
            requireWhole(store, segments);
            if (segments.isEmpty()) {
                return new JournalArchive(store, segmentBytes, segments, null, ChainHash.genesis());
            }
            String last = segments.getLast().name();
            ArchiveSegment segment = ArchiveSegment.decode(last, store.read(last));
            return new JournalArchive(
                    store, segmentBytes, segments, segment.siteId(), segment.end());
        } catch (IOException e) {
            throw unreadable(store, e);
        }
    }

    private static void requireWhole(ArchiveStore store, List<Range> segments) {
        long next = 1;
        for (Range range : segments) {
            if (range.first() != next) {
                throw new ArchiveException(
                        "records %d to %d are not in the archive: %s"
                                .formatted(next, range.first() - 1, store));
            }
            next = range.last() + 1;
        }
    }

    private static ArchiveException unreadable(ArchiveStore store, IOException e) {
        return new ArchiveException("the archive cannot be read: " + store + ": " + e, e);
    }

    /** What it holds now. */
    public Extent extent() {
        return new Extent(siteId, endPosition(), segments.size(), end.clone());
    }

    public long endPosition() {
        return segments.isEmpty() ? 0 : segments.getLast().last();
    }

    /**
     * Adds the records behind those it has.
     *
     * @param journal reads from the archive's end on
     * @param throughPosition up to where; all of them are durable
     * @param progress told the position reached, after each segment
     * @throws ArchiveException when they do not go on where the archive ends, or it cannot be
     *     written
     */
    public void add(
            UUID journalSiteId, StoredReader journal, long throughPosition, LongConsumer progress) {
        if (siteId != null && !siteId.equals(journalSiteId)) {
            throw new ArchiveException(
                    "the archive is of another site: %s, this is %s"
                            .formatted(siteId, journalSiteId));
        }
        while (endPosition() < throughPosition) {
            List<StoredRecord> records = gather(journal, throughPosition);
            requireNext(records.getFirst());
            ArchiveSegment segment = new ArchiveSegment(journalSiteId, end, records);
            byte[] bytes = segment.encode();
            String name = segment.range().name();
            // What is written has been read as whoever needs it will: nothing wrong gets in.
            ArchiveSegment.decode(name, bytes);
            try {
                store.write(name, bytes);
            } catch (IOException e) {
                throw new ArchiveException("the archive cannot be written: " + store + ": " + e, e);
            }
            siteId = journalSiteId;
            end = segment.end();
            segments.add(segment.range());
            progress.accept(endPosition());
        }
    }

    private void requireNext(StoredRecord first) {
        byte[] frame = StoredFrames.whole(first);
        if (first.position() != endPosition() + 1 || !new ChainHash(end).follow(frame, 0)) {
            throw new ArchiveException(
                    "the journal has another history than the archive: position="
                            + first.position());
        }
    }

    private List<StoredRecord> gather(StoredReader journal, long throughPosition) {
        List<StoredRecord> records = new ArrayList<>();
        long bytes = 0;
        while (bytes < segmentBytes && journal.nextPosition() <= throughPosition) {
            long left = throughPosition - journal.nextPosition() + 1;
            long room = Math.min(segmentBytes - bytes, BATCH_BYTES);
            List<StoredRecord> some = journal.next((int) Math.min(left, BATCH_RECORDS), room);
            if (some.isEmpty()) {
                throw new ArchiveException("the journal ends at " + (journal.nextPosition() - 1));
            }
            for (StoredRecord record : some) {
                records.add(record);
                bytes += record.payload().length;
            }
        }
        return records;
    }

    /**
     * Reads every record.
     *
     * @param progress told the position reached, after each segment
     * @throws ArchiveException when anything is damaged, or does not continue what is before it
     */
    public void verify(LongConsumer progress) {
        byte[] chain = ChainHash.genesis();
        for (Range range : segments) {
            chain = read(range, chain).end();
            progress.accept(range.last());
        }
    }

    private ArchiveSegment read(Range range, byte[] before) {
        String name = range.name();
        ArchiveSegment segment;
        try {
            segment = ArchiveSegment.decode(name, store.read(name));
        } catch (IOException e) {
            throw unreadable(store, e);
        }
        if (!segment.siteId().equals(siteId) || !Arrays.equals(segment.before(), before)) {
            throw new ArchiveException("is of another history than what is before it: " + name);
        }
        return segment;
    }

    /**
     * Gives a journal that follows all records that it lacks; what it has must be of the same
     * history. Interrupted, it can be done again.
     *
     * @param progress told the position reached, after each segment
     */
    public void copyTo(StoredJournal journal, LongConsumer progress) {
        byte[] chain = ChainHash.genesis();
        long had = journal.endPosition();
        if (had > endPosition()) {
            throw new ArchiveException(
                    "the journal is longer than the archive: %d, %d".formatted(had, endPosition()));
        }
        for (Range range : segments) {
            ArchiveSegment segment = read(range, chain);
            chain = segment.end();
            if (had >= range.first()) {
                long common = Math.min(had, range.last());
                byte[] archived = segment.records().get((int) (common - range.first())).chain();
                if (!Arrays.equals(journal.chainHash(common), archived)) {
                    throw new ArchiveException(
                            "the journal has another history: position=" + common);
                }
            }
            append(journal, segment, had);
            progress.accept(range.last());
        }
    }

    private static void append(StoredJournal journal, ArchiveSegment segment, long had) {
        List<StoredRecord> lacking =
                segment.records().stream().filter(record -> record.position() > had).toList();
        for (int from = 0; from < lacking.size(); from += BATCH_RECORDS) {
            int to = Math.min(lacking.size(), from + BATCH_RECORDS);
            journal.appendStored(lacking.subList(from, to));
        }
    }
}
