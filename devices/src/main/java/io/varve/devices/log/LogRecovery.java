package io.varve.devices.log;

import static io.varve.devices.file.DeviceFiles.BLOCK_BYTES;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings a log back from its files. Single-threaded; runs before anything else touches the device.
 *
 * <pre>
 * header of the file        | footer       | scan                    | the segment is
 * --------------------------+--------------+-------------------------+---------------------------
 * blank, or no whole block  | -            | -                       | free
 * says free                 | -            | -                       | free
 * both copies damaged       | -            | -                       | lost: set aside
 * in use                    | whole        | -                       | sealed
 * in use                    | none/damaged | no record               | free
 * in use                    | none/damaged | whole, newest of all    | open again
 * in use                    | none/damaged | whole, not the newest   | sealed now
 * in use                    | none/damaged | torn or damaged         | sealed with what is whole
 * </pre>
 *
 * <p>All tombstones are read before any blob, so that the order of segments does not matter. Of two
 * records of a blob that no tombstone tells apart the later one in (sequence, offset) holds; the
 * other's segment is marked as one that may hold twins, and compacted first.
 *
 * <p>A saved index tells what the segments held that were sealed at its mark, and the front of the
 * one that was open, as long as they are in the same life. What came after the mark is applied to
 * it as to an empty index.
 *
 * <p>What was found may still be in caches only, when the process died but the machine did not: it
 * is synced before it counts.
 */
final class LogRecovery {
    private final int deviceId;
    private final DeviceFiles files;
    private final byte[] deviceKey;
    private final SegmentTable segments;
    private final DeviceListener listener;
    private final List<Loaded> loaded = new ArrayList<>();
    private final BlobIndex index;
    private final @Nullable SavedIndex saved;
    private ByteBuffer rowsBuffer = ByteBuffer.allocateDirect(0);
    private long lastNumber;
    private long unsavedRecords;

    /** A segment in use, with its footer or what a scan found instead. */
    private static final class Loaded {
        final Segment segment;
        final SegmentHeader header;
        @Nullable SegmentFooter footer;
        SegmentScan.@Nullable Result scan;

        Loaded(Segment segment, SegmentHeader header) {
            this.segment = segment;
            this.header = header;
        }
    }

    /** An unsealed segment to go on with. */
    record Resumed(SegmentTable.Prepared prepared, SegmentEntries entries, int lastBatch) {}

    /** The log as it is on media. */
    record Recovered(
            BlobIndex index, long lastNumber, long unsavedRecords, @Nullable Resumed resumed) {}

    private LogRecovery(
            int deviceId,
            SegmentTable segments,
            DeviceListener listener,
            @Nullable SavedIndex saved) {
        this.deviceId = deviceId;
        this.files = segments.files();
        this.deviceKey = segments.deviceKey();
        this.segments = segments;
        this.listener = listener;
        this.saved = saved;
        this.index = saved == null ? new BlobIndex() : saved.index();
    }

    static Recovered run(int deviceId, SegmentTable segments, DeviceListener listener)
            throws IOException {
        SavedIndex saved =
                SavedIndex.read(
                        segments.files(),
                        segments.deviceKey(),
                        reason -> listener.on(new DeviceEvent.SavedIndexRefused(deviceId, reason)));
        return new LogRecovery(deviceId, segments, listener, saved).run();
    }

    private Recovered run() throws IOException {
        List<String> names = files.list();
        names.sort(Comparator.naturalOrder());
        for (String name : names) {
            if (Segment.slotOf(name) >= 0) {
                addFile(new Segment(Segment.slotOf(name)));
            }
        }
        files.syncDirectory();
        if (saved != null) {
            siftSaved(saved);
        }
        for (Loaded each : loaded) {
            loadTombstones(each);
        }
        for (Loaded each : loaded) {
            loadBlobs(each);
        }
        index.endLoad();
        for (Loaded each : loaded) {
            countTombstones(each);
        }
        segments.refreshUsable();
        return new Recovered(index, lastNumber, unsavedRecords, finishUnsealed());
    }

    /** Drops places in segments that were released since, and those behind the mark: they come. */
    private void siftSaved(SavedIndex known) {
        lastNumber = Math.max(lastNumber, known.recordNumber());
        segments.sequenceUsed(known.sequence());
        int slots = 0;
        for (Loaded each : loaded) {
            slots = Math.max(slots, each.segment.slot() + 1);
        }
        long[] coveredUpTo = new long[slots];
        for (Loaded each : loaded) {
            coveredUpTo[each.segment.slot()] = known.coveredUpTo(each.segment);
            if (known.mayHoldTwins(each.segment)) {
                each.segment.markTwins();
            }
        }
        long[] live = new long[slots];
        index.sift(coveredUpTo, live);
        for (Loaded each : loaded) {
            each.segment.addLive(live[each.segment.slot()]);
        }
    }

    private void addFile(Segment segment) throws IOException {
        DeviceFile file = segment.reader(files);
        SegmentHeader.Found found;
        try {
            found = SegmentHeader.read(file, deviceKey);
        } catch (IOException e) {
            lose(segment, "header cannot be read: " + e);
            return;
        }
        SegmentHeader header = found.header();
        if (header == null) {
            if (found.blank()) {
                segments.add(segment);
                segments.addFree(segment);
            } else {
                lose(segment, "both copies of the header are damaged");
            }
            return;
        }
        if (header.slot() != segment.slot()) {
            lose(segment, "it belongs in slot " + header.slot());
            return;
        }
        if (found.damagedCopies() > 0) {
            damaged(segment, 0, "a copy of the header");
        }
        segment.begin(header.sequence(), header.maxBatchBytes());
        if (header.inUse()) {
            addInUse(new Loaded(segment, header), file);
        } else {
            syncFree(segment);
            segments.add(segment);
            segments.addFree(segment);
        }
    }

    private void lose(Segment segment, String reason) {
        segment.become(Segment.State.LOST);
        segments.add(segment);
        listener.on(new DeviceEvent.SegmentLost(deviceId, segment.name(), reason));
    }

    /** The release must be on media, since tombstones may be dropped for it from now on. */
    private void syncFree(Segment segment) throws IOException {
        try (DeviceFile file = files.openForWrite(segment.name())) {
            file.sync();
        }
    }

    private void addInUse(Loaded each, DeviceFile file) throws IOException {
        each.footer = readFooter(each, file);
        if (each.footer == null) {
            SegmentScan.Result scan = scan(each, file);
            if (scan.lastBatch() == 0) {
                segments.add(each.segment);
                segments.addFree(each.segment);
                return;
            }
            each.scan = scan;
            report(each.segment, scan);
        }
        SegmentFooter footer = each.footer;
        SegmentScan.Result scan = each.scan;
        if (footer != null) {
            each.segment.dataEnd(footer.dataEnd());
            lastNumber = Math.max(lastNumber, footer.maxNumber());
        } else if (scan != null) {
            each.segment.dataEnd(scan.dataEnd());
            lastNumber = Math.max(lastNumber, scan.entries().maxNumber());
        }
        each.segment.become(footer == null ? Segment.State.PREPARED : Segment.State.SEALED);
        segments.add(each.segment);
        loaded.add(each);
    }

    private @Nullable SegmentFooter readFooter(Loaded each, DeviceFile file) {
        try {
            return SegmentFooter.read(file, each.segment.sequence(), deviceKey);
        } catch (IOException e) {
            damaged(each.segment, 0, "footer cannot be read: " + e);
            return null;
        }
    }

    private void report(Segment segment, SegmentScan.Result scan) {
        for (SegmentScan.Damage damage : scan.damages()) {
            damaged(segment, damage.offset(), damage.detail());
        }
        if (scan.tornAt() >= 0) {
            listener.on(new DeviceEvent.TornTailCut(deviceId, segment.sequence(), scan.tornAt()));
        }
    }

    private void damaged(Segment segment, long offset, String detail) {
        listener.on(new DeviceEvent.SegmentDamaged(deviceId, segment.sequence(), offset, detail));
    }

    private SegmentScan.Result scan(Loaded each, DeviceFile file) throws IOException {
        SegmentScan.Start start = saved == null ? null : saved.scanStart(each.segment);
        return SegmentScan.run(
                file,
                each.header,
                deviceKey,
                start == null ? SegmentScan.Start.ofSegment() : start);
    }

    private SegmentScan.Result rescan(Loaded each, DeviceFile file) throws IOException {
        SegmentScan.Result scan = scan(each, file);
        each.footer = null;
        each.scan = scan;
        damaged(each.segment, 0, "rows of the footer");
        report(each.segment, scan);
        return scan;
    }

    /** Only the newest segment can have been open: any other had a footer once. */
    private void reportSealed(Segment segment, int records, long newest) {
        long sequence = segment.sequence();
        listener.on(
                sequence == newest
                        ? new DeviceEvent.SegmentSealed(deviceId, sequence, records)
                        : new DeviceEvent.FooterRebuilt(deviceId, sequence, records));
    }

    private SegmentEntries.Rows tombstones(Loaded each) throws IOException {
        SegmentFooter footer = each.footer;
        if (footer != null) {
            DeviceFile file = each.segment.reader(files);
            SegmentEntries.Rows rows = null;
            try {
                rows = footer.readTombstones(file, deviceKey);
            } catch (IOException e) {
                damaged(each.segment, 0, "footer cannot be read: " + e);
            }
            return rows != null ? rows : rescan(each, file).entries().tombstones();
        }
        return scanned(each).entries().tombstones();
    }

    private static SegmentScan.Result scanned(Loaded each) {
        SegmentScan.Result scan = each.scan;
        if (scan == null) {
            throw new IllegalStateException("neither footer nor scan: " + each.segment.name());
        }
        return scan;
    }

    private SegmentEntries.Rows blobs(Loaded each) throws IOException {
        SegmentFooter footer = each.footer;
        if (footer == null) {
            return scanned(each).entries().blobs();
        }
        if (rowsBuffer.capacity() < footer.blobsBytes()) {
            rowsBuffer = ByteBuffer.allocateDirect(footer.blobsBytes());
        }
        DeviceFile file = each.segment.reader(files);
        SegmentEntries.Rows rows = null;
        try {
            rows = footer.readBlobs(file, deviceKey, rowsBuffer);
        } catch (IOException e) {
            damaged(each.segment, 0, "footer cannot be read: " + e);
        }
        return rows != null ? rows : rescan(each, file).entries().blobs();
    }

    /**
     * A tombstone that had its number before the mark had its effect before it too; one that is
     * younger kills whatever the saved index has of its blob.
     */
    private void loadTombstones(Loaded each) throws IOException {
        if (saved != null && saved.covers(each.segment)) {
            return;
        }
        long before = saved == null ? 0 : saved.recordNumber();
        SegmentEntries.Rows rows = tombstones(each);
        for (int row = 0; row < rows.count(); row++) {
            if (rows.number(row) > before) {
                loadTombstone(rows, row);
            }
            segments.sequenceUsed(rows.deletedIn(row));
        }
    }

    /**
     * What the saved index knows of the blob may be a twin that a compaction was about to release:
     * then the tombstone is not to go before that segment does.
     */
    private void loadTombstone(SegmentEntries.Rows rows, int row) {
        long deletedIn = rows.deletedIn(row);
        BlobPlace dead =
                index.loadTombstone(rows.high(row), rows.low(row), rows.number(row), deletedIn);
        if (dead != null) {
            Segment segment = segments.present(dead.slot());
            segment.addLive(-dead.recordBytes());
            if (segment.sequence() != deletedIn) {
                segment.markTwins();
            }
        }
        unsavedRecords++;
    }

    private void loadBlobs(Loaded each) throws IOException {
        Segment segment = each.segment;
        if (saved != null && saved.covers(segment)) {
            return;
        }
        SegmentEntries.Rows rows = blobs(each);
        int first = firstAfter(rows, saved == null ? 0 : saved.coveredUpTo(segment));
        index.expect(rows.count() - first);
        unsavedRecords += rows.count() - first;
        long live = 0;
        for (int row = first; row < rows.count(); row++) {
            long high = rows.high(row);
            long low = rows.low(row);
            int shape = rows.shape(row);
            switch (index.loadBlob(
                    high,
                    low,
                    segment.slot(),
                    rows.offset(row),
                    shape,
                    rows.number(row),
                    segment.sequence())) {
                case ADDED -> live += BlobPlace.recordBytes(shape);
                case DEAD -> {}
                case DEAD_TWIN -> segment.markTwins();
                case TWIN -> live += chooseTwin(segment, high, low, rows.offset(row), shape);
            }
        }
        segment.addLive(live);
    }

    /** The first row of a record from that offset on: rows are in the order of the file. */
    private static int firstAfter(SegmentEntries.Rows rows, long offset) {
        int first = 0;
        while (first < rows.count() && rows.offset(first) < offset) {
            first++;
        }
        return first;
    }

    /** Returns how many live bytes the segment gains. */
    private long chooseTwin(Segment segment, long high, long low, long offset, int shape) {
        BlobPlace other = index.find(high, low);
        if (other == null) {
            throw new IllegalStateException("a twin without the other");
        }
        Segment otherSegment = segments.present(other.slot());
        boolean later =
                segment.sequence() != otherSegment.sequence()
                        ? segment.sequence() > otherSegment.sequence()
                        : offset > other.offset();
        if (segment != otherSegment) {
            (later ? otherSegment : segment).markTwins();
        }
        if (!later) {
            return 0;
        }
        otherSegment.addLive(-other.recordBytes());
        index.put(high, low, segment.slot(), offset, shape);
        return BlobPlace.recordBytes(shape);
    }

    private void countTombstones(Loaded each) throws IOException {
        SegmentEntries.Rows rows = tombstones(each);
        for (int row = 0; row < rows.count(); row++) {
            long deletedIn = rows.deletedIn(row);
            if (deletedIn != each.segment.sequence() && segments.holds(deletedIn)) {
                each.segment.addTombstone(deletedIn, RecordDescriptor.TOMBSTONE_BYTES);
            }
        }
    }

    /** Seals what has no footer, but for the newest, which is gone on with when it is whole. */
    private @Nullable Resumed finishUnsealed() throws IOException {
        long newest = 0;
        for (Loaded each : loaded) {
            newest = Math.max(newest, each.segment.sequence());
        }
        Resumed resumed = null;
        for (Loaded each : loaded) {
            SegmentScan.Result scan = each.scan;
            if (scan == null) {
                continue;
            }
            DeviceFile file = files.openForWrite(each.segment.name());
            file.sync();
            boolean unsealed = each.segment.state() == Segment.State.PREPARED;
            if (unsealed && scan.mayBeContinued() && each.segment.sequence() == newest) {
                each.segment.allocatedBytes(file.sizeBytes() / BLOCK_BYTES * BLOCK_BYTES);
                resumed =
                        new Resumed(
                                new SegmentTable.Prepared(each.segment, file),
                                scan.entries(),
                                scan.lastBatch());
            } else {
                segments.seal(each.segment, file, scan.entries());
                reportSealed(each.segment, scan.entries().count(), newest);
            }
        }
        return resumed;
    }
}
