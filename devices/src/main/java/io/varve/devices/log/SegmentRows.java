package io.varve.devices.log;

import io.varve.devices.file.DeviceFile;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What a sealed segment holds: as its footer says, or, when that is damaged, as its records do.
 *
 * @param scanned whether the records were read
 */
record SegmentRows(SegmentEntries.Rows blobs, SegmentEntries.Rows tombstones, boolean scanned) {

    static SegmentRows read(DeviceFile file, Segment segment, SegmentTable segments)
            throws IOException {
        SegmentRows rows = ofFooter(file, segment, segments.deviceKey());
        return rows != null ? rows : ofRecords(file, segment, segments);
    }

    /** Null when the footer, or a row of it, is not as it was written. */
    static @Nullable SegmentRows ofFooter(DeviceFile file, Segment segment, byte[] deviceKey)
            throws IOException {
        SegmentFooter footer = SegmentFooter.read(file, segment.sequence(), deviceKey);
        if (footer == null) {
            return null;
        }
        SegmentEntries.Rows tombstones = footer.readTombstones(file, deviceKey);
        SegmentEntries.Rows blobs =
                footer.readBlobs(file, deviceKey, ByteBuffer.allocate(footer.blobsBytes()));
        return tombstones == null || blobs == null
                ? null
                : new SegmentRows(blobs, tombstones, false);
    }

    /** As a start would, without what the header says: nothing of a sealed segment was cut off. */
    private static SegmentRows ofRecords(DeviceFile file, Segment segment, SegmentTable segments)
            throws IOException {
        long size = segments.limits().segmentSizeBytes();
        SegmentHeader header =
                new SegmentHeader(
                        true,
                        segment.sequence(),
                        segment.slot(),
                        (int) Math.min(size, Integer.MAX_VALUE),
                        size);
        SegmentEntries entries = SegmentScan.run(file, header, segments.deviceKey()).entries();
        return new SegmentRows(entries.blobs(), entries.tombstones(), true);
    }
}
