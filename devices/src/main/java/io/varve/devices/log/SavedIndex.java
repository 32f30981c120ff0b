package io.varve.devices.log;

import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An index that {@link IndexSaver} wrote, read back: what a recovery need not find out from the
 * segments that were sealed by then, and from the front of the one that was open.
 *
 * <p>It is an aid and no more: one that is damaged, of another device, or ahead of the segments is
 * refused, and the segments tell everything themselves. Single-threaded.
 */
final class SavedIndex {
    private final BlobIndex index = new BlobIndex();
    private final Map<Integer, Life> lives = new HashMap<>();
    private final long recordNumber;
    private final long sequence;
    private final long openSequence;
    private final long openEnd;
    private final int openBatch;
    private SegmentEntries openEntries = new SegmentEntries();

    private record Life(long sequence, boolean mayHoldTwins) {}

    /** Why a saved index is not used. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }
    }

    /** Reads sections one after the other. */
    private static final class Sections {
        private final DeviceFile file;
        private final byte[] deviceKey;
        private final ByteBuffer header =
                ByteBuffer.allocateDirect(IndexSection.HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        private long offset;

        Sections(DeviceFile file, byte[] deviceKey) {
            this.file = file;
            this.deviceKey = deviceKey;
        }

        IndexSection header(IndexSection.Kind kind, int shard) throws IOException {
            header.clear();
            int read = file.readFully(header, offset);
            IndexSection section =
                    read == IndexSection.HEADER_BYTES ? IndexSection.read(header) : null;
            if (section == null
                    || section.kind() != kind
                    || section.shard() != shard
                    || offset + IndexSection.HEADER_BYTES + section.length() > file.sizeBytes()) {
                throw new Refusal("no section %s %d at offset %d".formatted(kind, shard, offset));
            }
            return section;
        }

        /** The content, off-heap. */
        ByteBuffer content(IndexSection section) throws IOException {
            ByteBuffer content =
                    ByteBuffer.allocateDirect(section.length()).order(ByteOrder.LITTLE_ENDIAN);
            int read = file.readFully(content, offset + IndexSection.HEADER_BYTES);
            if (read != section.length()
                    || !IndexSection.matches(header, content.clear(), deviceKey)) {
                throw new Refusal("checksum mismatch at offset " + offset);
            }
            offset += IndexSection.sizeBytes(section.length());
            return content;
        }
    }

    /**
     * Reads what is there.
     *
     * @param refused is told why what is there is not used
     * @return null when there is none, or none that can be used
     */
    static @Nullable SavedIndex read(DeviceFiles files, byte[] deviceKey, Consumer<String> refused)
            throws IOException {
        if (!IndexSaver.possible() || !files.list().contains(IndexSaver.NAME)) {
            return null;
        }
        try (DeviceFile file = files.openForRead(IndexSaver.NAME)) {
            SavedIndex saved = new SavedIndex(new Sections(file, deviceKey));
            saved.requireNotAhead(files, deviceKey);
            return saved;
        } catch (IOException e) {
            refused.accept(e instanceof Refusal ? String.valueOf(e.getMessage()) : e.toString());
            return null;
        }
    }

    private SavedIndex(Sections sections) throws IOException {
        IndexSection section = sections.header(IndexSection.Kind.MARK, 0);
        ByteBuffer mark = sections.content(section);
        recordNumber = section.recordNumber();
        sequence = mark.getLong(0);
        openSequence = mark.getLong(8);
        openEnd = mark.getLong(16);
        openBatch = mark.getInt(24);
        if (mark.getInt(28) != BlobIndex.SHARD_COUNT) {
            throw new Refusal("it has %d shards".formatted(mark.getInt(28)));
        }
        for (int shard = 0; shard < BlobIndex.SHARD_COUNT; shard++) {
            section = sections.header(IndexSection.Kind.SHARD, shard);
            requireSameFile(section);
            index.loadShard(shard, sections.content(section));
        }
        section = sections.header(IndexSection.Kind.LISTS, 0);
        requireSameFile(section);
        readLists(section, sections.content(section));
    }

    private void requireSameFile(IndexSection section) throws Refusal {
        if (section.recordNumber() != recordNumber) {
            throw new Refusal("sections are of two indexes");
        }
    }

    private void readLists(IndexSection section, ByteBuffer lists) {
        for (int row = 0; row < section.segmentCount(); row++) {
            int at = row * IndexSection.SEGMENT_ROW_BYTES;
            lives.put(
                    lists.getInt(at + 8), new Life(lists.getLong(at), lists.getInt(at + 12) == 1));
        }
        int blobsAt = section.segmentCount() * IndexSection.SEGMENT_ROW_BYTES;
        int blobsBytes = section.blobCount() * SegmentEntries.ENTRY_BYTES;
        int tombstonesBytes = section.tombstoneCount() * SegmentEntries.ENTRY_BYTES;
        openEntries =
                SegmentEntries.copyOf(
                        new SegmentEntries.Rows(
                                lists.slice(blobsAt, blobsBytes), section.blobCount()),
                        new SegmentEntries.Rows(
                                lists.slice(blobsAt + blobsBytes, tombstonesBytes),
                                section.tombstoneCount()));
    }

    /** Segments only ever go forward: if one is of an earlier life, they are not those of then. */
    private void requireNotAhead(DeviceFiles files, byte[] deviceKey) throws IOException {
        Set<String> names = new HashSet<>(files.list());
        for (Map.Entry<Integer, Life> row : lives.entrySet()) {
            String name = Segment.name(row.getKey());
            long expected = row.getValue().sequence();
            if (!names.contains(name)) {
                continue;
            }
            try (DeviceFile file = files.openForRead(name)) {
                SegmentHeader header = SegmentHeader.read(file, deviceKey).header();
                boolean behind =
                        header != null
                                && (header.sequence() < expected
                                        || (header.sequence() == openSequence
                                                && file.sizeBytes() < openEnd));
                if (behind) {
                    throw new Refusal(name + " is older than the index");
                }
            }
        }
    }

    BlobIndex index() {
        return index;
    }

    /** The last record number given before the mark. */
    long recordNumber() {
        return recordNumber;
    }

    /** The last segment sequence given before the mark. */
    long sequence() {
        return sequence;
    }

    /** Whether a segment, as it is now, is one that the index knows. */
    boolean knows(Segment segment) {
        Life life = lives.get(segment.slot());
        return life != null && life.sequence() == segment.sequence();
    }

    /** Whether all that a segment holds is in the index. */
    boolean covers(Segment segment) {
        return knows(segment) && segment.sequence() != openSequence;
    }

    boolean mayHoldTwins(Segment segment) {
        Life life = lives.get(segment.slot());
        return life != null && life.sequence() == segment.sequence() && life.mayHoldTwins();
    }

    /** From which offset on a segment's records are not in the index. */
    long coveredUpTo(Segment segment) {
        if (!knows(segment)) {
            return 0;
        }
        return segment.sequence() == openSequence ? openEnd : Long.MAX_VALUE;
    }

    /** Where a scan of the segment that was open goes on; null for any other. */
    SegmentScan.@Nullable Start scanStart(Segment segment) {
        if (!knows(segment) || segment.sequence() != openSequence || openBatch == 0) {
            return null;
        }
        return new SegmentScan.Start(
                openEnd,
                openBatch,
                SegmentEntries.copyOf(openEntries.blobs(), openEntries.tombstones()));
    }
}
