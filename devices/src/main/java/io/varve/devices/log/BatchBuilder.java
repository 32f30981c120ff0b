package io.varve.devices.log;

import static io.varve.devices.log.RecordDescriptor.TOMBSTONE_BYTES;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.log.Batch.Appended;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns requests into records of the open segment. Single-threaded: owned by the log's agent.
 *
 * <p>Invariants: a batch touches a blob at most once, so that what the index says holds for all of
 * it; a segment is sealed only between batches; records get ever larger numbers, moved ones keep
 * theirs; a blob's record dies only by a tombstone of a higher number, or by being moved out of a
 * segment that is about to be released.
 */
final class BatchBuilder {
    /** Kept free in a file's allocated part, so that deletes work when the disk is full. */
    private static final int TOMBSTONE_ROOM_BYTES = 32 << 10;

    private final int deviceId;
    private final SegmentTable segments;
    private final BlobIndex index;
    private final DeviceListener listener;
    private final SegmentAppender.Buffers buffers = SegmentAppender.Buffers.allocate();
    private volatile @Nullable SegmentAppender open;
    private long lastNumber;
    private boolean bulk;

    /** What becomes of a request now. */
    private enum Verdict {
        ACCEPTED,
        /** It must wait for the next batch. */
        LATER
    }

    BatchBuilder(
            int deviceId,
            SegmentTable segments,
            BlobIndex index,
            long lastNumber,
            DeviceListener listener) {
        this.deviceId = deviceId;
        this.segments = segments;
        this.index = index;
        this.lastNumber = lastNumber;
        this.listener = listener;
    }

    /** The segment being written; null before the first. Its own methods are the agent's. */
    @Nullable SegmentAppender open() {
        return open;
    }

    /** Whether the last record was one of those that grow the file themselves. Agent only. */
    boolean bulk() {
        return bulk;
    }

    /** Goes on in a segment, or begins one. */
    SegmentAppender open(SegmentTable.Prepared prepared, SegmentEntries entries, int lastBatch) {
        prepared.segment().become(Segment.State.OPEN);
        SegmentAppender opened =
                new SegmentAppender(
                        buffers,
                        segments.deviceKey(),
                        prepared.segment(),
                        prepared.file(),
                        entries,
                        lastBatch);
        open = opened;
        return opened;
    }

    /** Fills the batch from the front of what waits; returns once its records are on media. */
    void build(Batch batch) throws IOException {
        LogRequest request = batch.waiting.peek();
        while (request != null && verdict(batch, request) == Verdict.ACCEPTED) {
            batch.waiting.remove();
            request = batch.waiting.peek();
        }
        SegmentAppender appender = open;
        if (appender != null && !batch.appended.isEmpty()) {
            appender.sync();
        }
    }

    private Verdict verdict(Batch batch, LogRequest request) throws IOException {
        if (batch.touches(request)) {
            return Verdict.LATER;
        }
        BlobPlace place = index.find(request.idHigh, request.idLow);
        Verdict verdict =
                switch (request) {
                    case LogRequest.Write write -> write(batch, write, place);
                    case LogRequest.Delete delete -> delete(batch, delete, place);
                    case LogRequest.Move move -> move(batch, move, place);
                    case LogRequest.CarryTombstone carry -> carry(batch, carry);
                    case LogRequest.Forget forget -> forget(batch, forget, place);
                    case LogRequest.Release release -> release(batch, release);
                    case LogRequest.TakeMark mark -> takeMark(batch, mark);
                };
        if (verdict == Verdict.ACCEPTED) {
            batch.touch(request);
        }
        return verdict;
    }

    private Verdict write(Batch batch, LogRequest.Write write, @Nullable BlobPlace place)
            throws IOException {
        if (place != null && !write.replace) {
            batch.unchanged.add(write);
            return Verdict.ACCEPTED;
        }
        int bytes = BlobPlace.recordBytes(write.shape());
        if (mustWait(batch, bytes, 1)) {
            return Verdict.LATER;
        }
        SegmentAppender appender = room(batch, bytes, 1, true);
        if (appender == null) {
            batch.refused.add(write);
            return Verdict.ACCEPTED;
        }
        // The number before a replacing record's is kept for the tombstone of what it replaces,
        // which follows when this one is on media: together they might be torn apart.
        long replaced = place == null ? 0 : segments.present(place.slot()).sequence();
        lastNumber += place == null ? 1 : 2;
        long number = lastNumber;
        long offset = appender.offset();
        appender.appendBlob(write, number);
        batch.add(new Appended(write, false, number, offset, write.shape(), replaced), bytes);
        return Verdict.ACCEPTED;
    }

    private Verdict delete(Batch batch, LogRequest.Delete delete, @Nullable BlobPlace place)
            throws IOException {
        if (place == null) {
            batch.unchanged.add(delete);
            return Verdict.ACCEPTED;
        }
        if (mustWait(batch, TOMBSTONE_BYTES, 1)) {
            return Verdict.LATER;
        }
        SegmentAppender appender = room(batch, TOMBSTONE_BYTES, 1, false);
        if (appender == null) {
            batch.refused.add(delete);
        } else {
            appendTombstone(batch, appender, delete, place);
        }
        return Verdict.ACCEPTED;
    }

    private void appendTombstone(
            Batch batch, SegmentAppender appender, LogRequest.Delete request, BlobPlace place)
            throws IOException {
        long deletedIn = segments.present(place.slot()).sequence();
        if (request.copyOnly) {
            deletedIn |= RecordHead.COPY_ONLY;
        }
        long number = ++lastNumber;
        long offset = appender.offset();
        appender.appendTombstone(request.idHigh, request.idLow, number, deletedIn);
        batch.add(new Appended(request, true, number, offset, 0, deletedIn), TOMBSTONE_BYTES);
    }

    private Verdict move(Batch batch, LogRequest.Move move, @Nullable BlobPlace place)
            throws IOException {
        RecordHead head = move.head;
        if (place == null || !place.isAt(move.from.slot(), head.offset())) {
            batch.unchanged.add(move);
            return Verdict.ACCEPTED;
        }
        int bytes = head.recordBytes();
        if (mustWait(batch, bytes, 1)) {
            return Verdict.LATER;
        }
        SegmentAppender appender = room(batch, bytes, 1, false);
        if (appender == null) {
            batch.refused.add(move);
            return Verdict.ACCEPTED;
        }
        long offset = appender.offset();
        appender.appendMoved(head, move.record);
        batch.add(new Appended(move, false, head.number(), offset, head.shape(), 0), bytes);
        return Verdict.ACCEPTED;
    }

    private Verdict carry(Batch batch, LogRequest.CarryTombstone carry) throws IOException {
        if (mustWait(batch, TOMBSTONE_BYTES, 1)) {
            return Verdict.LATER;
        }
        SegmentAppender appender = room(batch, TOMBSTONE_BYTES, 1, false);
        if (appender == null) {
            batch.refused.add(carry);
            return Verdict.ACCEPTED;
        }
        long offset = appender.offset();
        appender.appendTombstone(carry.idHigh, carry.idLow, carry.number, carry.rawDeletedIn);
        batch.add(
                new Appended(carry, true, carry.number, offset, 0, carry.rawDeletedIn),
                TOMBSTONE_BYTES);
        return Verdict.ACCEPTED;
    }

    /** Nothing is written: the segment goes next, and the lost record with it. */
    private Verdict forget(Batch batch, LogRequest.Forget forget, @Nullable BlobPlace place) {
        if (place != null && place.isAt(forget.from.slot(), forget.offset)) {
            index.remove(forget.idHigh, forget.idLow);
            forget.from.addLive(-place.recordBytes());
        }
        batch.unchanged.add(forget);
        return Verdict.ACCEPTED;
    }

    /** Begins its batch, so that all that was moved before is on media. */
    private Verdict release(Batch batch, LogRequest.Release release) throws IOException {
        if (!batch.appended.isEmpty()) {
            return Verdict.LATER;
        }
        segments.release(release.segment);
        batch.unchanged.add(release);
        return Verdict.ACCEPTED;
    }

    /** Begins its batch, since what is in one is not in the index yet. */
    private Verdict takeMark(Batch batch, LogRequest.TakeMark request) {
        if (!batch.appended.isEmpty()) {
            return Verdict.LATER;
        }
        request.take(mark());
        batch.unchanged.add(request);
        return Verdict.ACCEPTED;
    }

    /** This moment. Agent only, between batches. */
    IndexMark mark() {
        List<IndexMark.Life> lives = new ArrayList<>();
        for (Segment segment : segments.all()) {
            if (segment.state() == Segment.State.SEALED || segment.state() == Segment.State.OPEN) {
                lives.add(new IndexMark.Life(segment, segment.sequence()));
            }
        }
        SegmentAppender appender = open;
        return new IndexMark(
                lastNumber,
                segments.lastSequence(),
                lives,
                appender == null
                        ? null
                        : new IndexMark.Open(
                                appender.segment().sequence(),
                                appender.offset(),
                                appender.lastBatch(),
                                appender.entries().upToNow()));
    }

    /** Whether a batch that has records already cannot take these too. */
    private boolean mustWait(Batch batch, int bytes, int records) {
        SegmentAppender appender = open;
        return !batch.appended.isEmpty()
                && appender != null
                && (batch.bytes() + bytes > segments.maxBatchBytes()
                        || appender.endWith(bytes, batch.appended.size() + records)
                                > segmentSizeBytes());
    }

    /**
     * The open segment, on media far enough for these records; the next one when they do not fit.
     * Null when there is no room for them.
     */
    private @Nullable SegmentAppender room(Batch batch, int bytes, int records, boolean forWrites)
            throws IOException {
        if (forWrites && !segments.writesMayAppend()) {
            return null;
        }
        int pending = batch.appended.size() + records;
        SegmentAppender appender = open;
        if (appender == null || appender.endWith(bytes, pending) > segmentSizeBytes()) {
            appender = roll(forWrites);
            if (appender == null) {
                return null;
            }
        }
        long end = appender.endWith(bytes, pending) + (forWrites ? TOMBSTONE_ROOM_BYTES : 0);
        long upTo = Math.min(segmentSizeBytes(), end);
        Segment segment = appender.segment();
        bulk = bytes >= segments.limits().bulkRecordBytes();
        if (bulk && segments.claim(segment, appender.file(), appender.blockEndWith(bytes), upTo)) {
            return appender;
        }
        return segments.grow(segment, appender.file(), upTo) ? appender : null;
    }

    /** Seals the open segment and opens the next one; null when there is none to be had. */
    private @Nullable SegmentAppender roll(boolean forWrites) throws IOException {
        if (forWrites ? !segments.writesMayTake() : segments.available(false) == 0) {
            return null;
        }
        SegmentTable.Prepared next = segments.take();
        if (next == null) {
            return null;
        }
        SegmentAppender full = open;
        if (full != null) {
            segments.seal(full.segment(), full.file(), full.entries());
            listener.on(
                    new DeviceEvent.SegmentSealed(
                            deviceId, full.segment().sequence(), full.entries().count()));
        }
        return open(next, new SegmentEntries(), 0);
    }

    private long segmentSizeBytes() {
        return segments.limits().segmentSizeBytes();
    }

    void close() throws IOException {
        SegmentAppender appender = open;
        open = null;
        if (appender != null) {
            appender.file().close();
        }
    }
}
