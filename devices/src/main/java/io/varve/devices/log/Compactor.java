package io.varve.devices.log;

import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.file.DeviceFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * Wins back the space of dead records: copies what lives in a segment to the open one, and releases
 * the segment. One compaction of a device at a time.
 *
 * <p>Order, so that a crash at any point loses nothing and revives nothing: copies on media, then
 * the release on media, and only then is the segment's space used or a tombstone that was kept for
 * it dropped. In between a record is there twice under one number; the segment is marked for that.
 *
 * <p>Which segment: of those dead enough, the one with the best ratio of benefit to cost, as a
 * log-structured file system reckons it: what is won, times how long it will likely stay won, over
 * what must be read and written. Age is counted in segments sealed since, so that no clock is
 * needed. What is dead enough follows from the room that is left.
 */
final class Compactor {
    /** How much is on its way to the agent at once. */
    private static final int WINDOW_BYTES = 1 << 20;

    /** When space is short a segment is compacted for as little as this share of it. */
    private static final double URGENT_DEAD_RATIO = 0.05;

    private static final String HEADER_COPY = "a copy of the header";

    /** Of the room that dead records may take: while that much is free, nothing is moved. */
    private static final double ROOMY_SHARE = 0.25;

    private final int deviceId;
    private final SegmentTable segments;
    private final BlobIndex index;
    private final RequestSink sink;
    private final CompactionPace pace;
    private final Pacer pacer;
    private final DeviceListener listener;
    private final BooleanSupplier cancelled;
    private final LogCounters counters;
    private final long maxRecordBytes;
    private final CRC32C crc = new CRC32C();
    private final List<CompletableFuture<Void>> outstanding = new ArrayList<>();
    private final List<Segment> unreadable = new ArrayList<>();
    private long outstandingBytes;
    private volatile boolean stuck;

    /** The way to the agent. */
    interface RequestSink {
        void submit(LogRequest request);

        /** Waits for an answer; throws the request's failure. */
        void await(CompletableFuture<Void> answer);
    }

    Compactor(
            int deviceId,
            SegmentTable segments,
            BlobIndex index,
            RequestSink sink,
            CompactionPace pace,
            long maxRecordBytes,
            Pacer pacer,
            DeviceListener listener,
            LogCounters counters,
            BooleanSupplier cancelled) {
        this.deviceId = deviceId;
        this.segments = segments;
        this.index = index;
        this.sink = sink;
        this.pace = pace;
        this.pacer = pacer;
        this.listener = listener;
        this.cancelled = cancelled;
        this.counters = counters;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Compacts the most worthwhile segment; false when none is worth it, or it was stopped. */
    boolean compactOne() {
        Segment victim = choose();
        if (victim == null) {
            return false;
        }
        try {
            return compact(victim);
        } catch (IOException | DeviceException e) {
            if (e instanceof IOException) {
                unreadable.add(victim);
                stuck = true;
            }
            listener.on(
                    new DeviceEvent.CompactionStopped(
                            deviceId, victim.sequence(), String.valueOf(e.getMessage())));
            return false;
        } finally {
            outstanding.clear();
            outstandingBytes = 0;
        }
    }

    /** Whether there is a segment that cannot be compacted, because it cannot be read. */
    boolean stuck() {
        return stuck;
    }

    /** Whether {@link #compactOne} would find something to do. */
    boolean due() {
        return choose() != null;
    }

    /** Whether writes are refused, or soon will be, unless space is won back. */
    private boolean urgent() {
        return segments.available(true) <= segments.limits().reservedSegments() + 1;
    }

    private double neededDeadRatio() {
        return Math.min(pace.deadRatio(), 1 - compactableLiveRatio());
    }

    /**
     * How much of a segment may live for it to be compacted: never more than lives of the device as
     * a whole, so that moving costs at most what cleaning segments as full as the device does; and
     * none of it while {@link #ROOMY_SHARE} of what dead records may take is still free: the longer
     * a segment is left, the more of it dies by itself.
     */
    private double compactableLiveRatio() {
        long live = 0;
        int taken = 0;
        for (Segment segment : segments.all()) {
            if (segment.state() != Segment.State.FREE) {
                live += segment.liveBytes();
                taken++;
            }
        }
        int room = segments.available(true);
        double liveSegments = (double) live / segments.limits().segmentSizeBytes();
        double forDead = Math.max(1, taken + room - liveSegments);
        double free = room - segments.limits().reservedSegments() - 1;
        double roomy = Math.clamp(free / (ROOMY_SHARE * forDead), 0, 1);
        return liveSegments / (taken + room) * (1 - roomy);
    }

    private @Nullable Segment choose() {
        double needed = neededDeadRatio();
        long newest = 0;
        for (Segment segment : segments.all()) {
            newest = Math.max(newest, segment.sequence());
        }
        Segment best = null;
        double bestScore = 0;
        Segment deadest = null;
        double mostDead = URGENT_DEAD_RATIO;
        for (Segment segment : segments.all()) {
            if (segment.state() != Segment.State.SEALED || unreadable.contains(segment)) {
                continue;
            }
            if (segment.liveBytes() == 0 || segment.mayHoldTwins()) {
                return segment;
            }
            double dead = (double) reclaimable(segment) / segments.limits().segmentSizeBytes();
            double score = dead * (newest - segment.sequence() + 1) / (2 - dead);
            if (dead >= needed && score > bestScore) {
                best = segment;
                bestScore = score;
            }
            if (dead >= mostDead) {
                deadest = segment;
                mostDead = dead;
            }
        }
        return best == null && urgent() ? deadest : best;
    }

    /**
     * What compaction would win: dead records, and what lies idle behind the last one because the
     * segment was sealed early; not a rest that is only too small for the largest blob.
     */
    private long reclaimable(Segment segment) {
        long end = segment.dataEnd() + SegmentFooter.sizeBytes(0) + maxRecordBytes;
        long idle = segments.limits().segmentSizeBytes() - end;
        return segment.deadBytes() + Math.max(0, idle);
    }

    private boolean compact(Segment victim) throws IOException {
        long moved = 0;
        if (victim.liveBytes() > 0) {
            DeviceFile file = victim.reader(segments.files());
            SegmentRows rows = SegmentRows.read(file, victim, segments);
            victim.markTwins();
            moved = moveBlobs(victim, file, rows.blobs());
            if (moved < 0) {
                return false;
            }
            carryTombstones(victim, rows.tombstones());
            settle();
            if (rows.scanned()) {
                forgetRest(victim);
                settle();
            }
        }
        CompletableFuture<Void> released = new CompletableFuture<>();
        sink.submit(new LogRequest.Release(victim, answering(released)));
        sink.await(released);
        counters.released();
        listener.on(new DeviceEvent.SegmentCompacted(deviceId, victim.sequence(), moved));
        return true;
    }

    /** Returns the bytes moved, -1 when cancelled. */
    private long moveBlobs(Segment victim, DeviceFile file, SegmentEntries.Rows rows)
            throws IOException {
        long moved = 0;
        SegmentWindow window = new SegmentWindow(file);
        for (int row = 0; row < rows.count(); row++) {
            if (cancelled.getAsBoolean()) {
                return -1;
            }
            BlobPlace place = index.find(rows.high(row), rows.low(row));
            if (place != null && place.isAt(victim.slot(), rows.offset(row))) {
                moveBlob(victim, record(window, file, rows, row), rows, row);
                moved += place.recordBytes();
            }
        }
        return moved;
    }

    /** A record by itself. Rows are in the order of the file, so small ones are read together. */
    private static ByteBuffer record(
            SegmentWindow window, DeviceFile file, SegmentEntries.Rows rows, int row)
            throws IOException {
        int bytes = BlobPlace.recordBytes(rows.shape(row));
        long offset = rows.offset(row);
        ByteBuffer record = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes > window.bytes().capacity()) {
            file.readFully(record, offset);
        } else {
            int at = window.at(offset, bytes);
            if (window.available(offset) >= bytes) {
                record.put(0, window.bytes(), at, bytes);
            }
        }
        return record;
    }

    private void moveBlob(Segment victim, ByteBuffer record, SegmentEntries.Rows rows, int row) {
        int bytes = record.capacity();
        RecordHead head =
                RecordHead.read(
                        record.clear(),
                        0,
                        bytes,
                        crc,
                        segments.deviceKey(),
                        victim.sequence(),
                        rows.offset(row));
        CompletableFuture<Void> answer = new CompletableFuture<>();
        if (head == null || head.idHigh() != rows.high(row) || head.idLow() != rows.low(row)) {
            // Nothing of it can be verified any more: the copy is lost, and found missing when
            // read.
            listener.on(
                    new DeviceEvent.SegmentDamaged(
                            deviceId, victim.sequence(), rows.offset(row), "head of a record"));
            sink.submit(
                    new LogRequest.Forget(
                            rows.high(row),
                            rows.low(row),
                            victim,
                            rows.offset(row),
                            answering(answer)));
        } else {
            sink.submit(new LogRequest.Move(victim, head, record, answering(answer)));
        }
        await(answer, bytes);
    }

    private void carryTombstones(Segment victim, SegmentEntries.Rows rows) {
        boolean twinsElsewhere = false;
        for (Segment segment : segments.all()) {
            twinsElsewhere |= segment != victim && segment.mayHoldTwins();
        }
        for (int row = 0; row < rows.count(); row++) {
            long deletedIn = rows.deletedIn(row);
            boolean needed = deletedIn != victim.sequence() && segments.holds(deletedIn);
            if (needed || twinsElsewhere) {
                CompletableFuture<Void> answer = new CompletableFuture<>();
                sink.submit(
                        new LogRequest.CarryTombstone(
                                rows.high(row),
                                rows.low(row),
                                victim,
                                rows.number(row),
                                rows.rawDeletedIn(row),
                                answering(answer)));
                await(answer, RecordDescriptor.TOMBSTONE_BYTES);
            }
        }
    }

    /** What the index still has there was not found when the records were read: it is lost. */
    private void forgetRest(Segment victim) {
        index.forEach(
                (blobId, lengthBytes) -> {
                    BlobPlace place = index.find(blobId.high(), blobId.low());
                    if (place != null && place.slot() == victim.slot()) {
                        CompletableFuture<Void> answer = new CompletableFuture<>();
                        sink.submit(
                                new LogRequest.Forget(
                                        blobId.high(),
                                        blobId.low(),
                                        victim,
                                        place.offset(),
                                        answering(answer)));
                        await(answer, place.recordBytes());
                    }
                });
    }

    /**
     * Looks at header and footer of each sealed segment, and empties those where a copy or a row is
     * not as it was written: what they hold is moved, and the file is used anew. Damaged headers of
     * other segments are written again.
     *
     * @return how many were damaged
     */
    int emptyDamaged() {
        int damaged = mendHeaders();
        for (Segment segment : segments.all()) {
            if (segment.state() != Segment.State.SEALED || cancelled.getAsBoolean()) {
                continue;
            }
            try {
                String what = damageOf(segment);
                if (!what.isEmpty()) {
                    damaged++;
                    listener.on(
                            new DeviceEvent.SegmentDamaged(deviceId, segment.sequence(), 0, what));
                    compact(segment);
                }
            } catch (IOException | DeviceException e) {
                listener.on(
                        new DeviceEvent.CompactionStopped(
                                deviceId, segment.sequence(), String.valueOf(e.getMessage())));
            } finally {
                outstanding.clear();
                outstandingBytes = 0;
            }
        }
        return damaged;
    }

    private int mendHeaders() {
        try {
            return segments.mendHeaders(
                    segment ->
                            listener.on(
                                    new DeviceEvent.SegmentDamaged(
                                            deviceId, segment.sequence(), 0, HEADER_COPY)));
        } catch (IOException e) {
            listener.on(
                    new DeviceEvent.CompactionStopped(deviceId, 0, String.valueOf(e.getMessage())));
            return 0;
        }
    }

    private String damageOf(Segment segment) throws IOException {
        DeviceFile file = segment.reader(segments.files());
        SegmentHeader.Found found = SegmentHeader.read(file, segments.deviceKey());
        if (found.header() == null || found.damagedCopies() > 0) {
            return HEADER_COPY;
        }
        return SegmentRows.ofFooter(file, segment, segments.deviceKey()) == null ? "footer" : "";
    }

    private void await(CompletableFuture<Void> answer, int bytes) {
        outstanding.add(answer);
        outstandingBytes += bytes;
        if (outstandingBytes >= WINDOW_BYTES) {
            settle();
        }
    }

    /** Returns once all that was submitted is on media. */
    private void settle() {
        for (CompletableFuture<Void> answer : outstanding) {
            sink.await(answer);
        }
        outstanding.clear();
        if (!urgent()) {
            pacer.moved(outstandingBytes);
        }
        outstandingBytes = 0;
    }

    private static LogCallback answering(CompletableFuture<Void> answer) {
        return (changed, failure) -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(failure);
            }
        };
    }
}
