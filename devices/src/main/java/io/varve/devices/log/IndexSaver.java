package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.agrona.BufferUtil;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes the index to a file, step by step, while the log goes on: a shard is copied in one moment,
 * the shards one after the other. So what is saved holds, key by key, for the mark or for some
 * moment after it; a recovery applies all that came after the mark once more.
 *
 * <p>The file takes its name only when all of it is on media: until then the one before holds. Used
 * once, by one thread; the index's agent may go on meanwhile.
 */
final class IndexSaver implements AutoCloseable {
    static final String NAME = "index";
    static final String UNFINISHED_NAME = "index.tmp";

    private static final int STAGING_BYTES = 1 << 20;

    private final DeviceFiles files;
    private final byte[] deviceKey;
    private final BlobIndex index;
    private final IndexMark mark;
    private final DeviceFile file;

    /** Sections that are not written yet; its first byte goes to {@link #offset}. */
    private ByteBuffer staging = allocate(STAGING_BYTES);

    private int staged;
    private int nextShard = -1;
    private long offset;

    IndexSaver(DeviceFiles files, byte[] deviceKey, BlobIndex index, IndexMark mark)
            throws IOException {
        this.files = files;
        this.deviceKey = deviceKey;
        this.index = index;
        this.mark = mark;
        if (files.list().contains(UNFINISHED_NAME)) {
            // It may be longer than the new one will be.
            files.delete(UNFINISHED_NAME);
        }
        this.file = files.openForWrite(UNFINISHED_NAME);
    }

    /** Whether indexes can be saved here: tables are written as they are in memory. */
    static boolean possible() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    /** How much there is so far. */
    long sizeBytes() {
        return offset + staged;
    }

    /** Writes the next section; false when the index is saved. */
    boolean step() throws IOException {
        if (nextShard < 0) {
            writeMark();
        } else if (nextShard < BlobIndex.SHARD_COUNT) {
            writeShard(nextShard);
        } else {
            writeLists();
            finish();
            return false;
        }
        nextShard++;
        return true;
    }

    private void writeMark() throws IOException {
        IndexMark.Open open = mark.open();
        int at = IndexSection.HEADER_BYTES;
        staging.putLong(at, mark.sequence());
        staging.putLong(at + 8, open == null ? 0 : open.sequence());
        staging.putLong(at + 16, open == null ? 0 : open.end());
        staging.putInt(at + 24, open == null ? 0 : open.lastBatch());
        staging.putInt(at + 28, BlobIndex.SHARD_COUNT);
        add(section(IndexSection.Kind.MARK, IndexSection.MARK_BYTES, 0));
    }

    private void writeShard(int shard) throws IOException {
        int length = index.copyShard(shard, staging, staged + IndexSection.HEADER_BYTES);
        while (length < 0) {
            reserve(-length);
            length = index.copyShard(shard, staging, staged + IndexSection.HEADER_BYTES);
        }
        reserve(length);
        add(section(IndexSection.Kind.SHARD, length, shard));
    }

    /** Last, so that a segment whose compaction began meanwhile is known to hold twins. */
    private void writeLists() throws IOException {
        IndexMark.Open open = mark.open();
        SegmentEntries entries = open == null ? new SegmentEntries() : open.entries();
        int segmentCount = mark.lives().size();
        long length =
                (long) segmentCount * IndexSection.SEGMENT_ROW_BYTES
                        + (long) entries.count() * SegmentEntries.ENTRY_BYTES;
        reserve(Math.toIntExact(length));
        int at = staged + IndexSection.HEADER_BYTES;
        for (IndexMark.Life life : mark.lives()) {
            staging.putLong(at, life.sequence());
            staging.putInt(at + 8, life.segment().slot());
            staging.putInt(at + 12, life.mayHoldTwins() ? 1 : 0);
            at += IndexSection.SEGMENT_ROW_BYTES;
        }
        staging.clear().position(at);
        staging.put(entries.blobs().bytes()).put(entries.tombstones().bytes()).clear();
        add(
                new IndexSection(
                        IndexSection.Kind.LISTS,
                        (int) length,
                        0,
                        mark.recordNumber(),
                        segmentCount,
                        entries.blobs().count(),
                        entries.tombstones().count()));
    }

    private IndexSection section(IndexSection.Kind kind, int length, int shard) {
        return new IndexSection(kind, length, shard, mark.recordNumber(), 0, 0, 0);
    }

    /** Makes room for a section of that length behind what is staged; what is there stays. */
    private void reserve(int contentBytes) throws IOException {
        long bytes = IndexSection.sizeBytes(contentBytes);
        if (staged + bytes <= staging.capacity()) {
            return;
        }
        writeBlocks();
        if (staged + bytes > staging.capacity()) {
            ByteBuffer grown = allocate(Math.toIntExact(staged + bytes));
            grown.put(0, staging, 0, staged);
            staging = grown;
        }
    }

    private static ByteBuffer allocate(int bytes) {
        int blocks = Math.ceilDiv(bytes, BLOCK_BYTES) + 1;
        return BufferUtil.allocateDirectAligned(blocks * BLOCK_BYTES, BLOCK_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private void add(IndexSection section) {
        section.seal(staging, staged, deviceKey);
        staged += Math.toIntExact(IndexSection.sizeBytes(section.length()));
    }

    /** Writes the whole blocks that are staged, and brings the rest to the front. */
    private void writeBlocks() throws IOException {
        int whole = staged / BLOCK_BYTES * BLOCK_BYTES;
        if (whole > 0) {
            file.writeFully(staging.clear().limit(whole), offset);
            staging.clear();
            staging.put(0, staging, whole, staged - whole);
            offset += whole;
            staged -= whole;
        }
    }

    private void finish() throws IOException {
        int end = Math.ceilDiv(staged, BLOCK_BYTES) * BLOCK_BYTES;
        for (int at = staged; at < end; at++) {
            staging.put(at, (byte) 0);
        }
        staged = end;
        writeBlocks();
        file.sync();
        files.rename(UNFINISHED_NAME, NAME);
        files.syncDirectory();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
