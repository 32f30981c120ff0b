package io.varve.devices.log;

import org.jspecify.annotations.Nullable;

/** Read-only questions about the room on a device. Any thread; each answer is of its own moment. */
final class SpaceView {
    private final SegmentTable segments;
    private final int maxRecordBytes;

    SpaceView(SegmentTable segments, int maxRecordBytes) {
        this.segments = segments;
        this.maxRecordBytes = maxRecordBytes;
    }

    /** What writes may still add, reckoned so that it can be relied on. */
    long writableBytes(@Nullable Segment open) {
        if (!segments.writesMayAppend()) {
            return 0;
        }
        long size = segments.limits().segmentSizeBytes();
        // A segment may be left when the largest blob does not fit into what remains of it.
        long unusable = SegmentHeader.SIZE_BYTES + SegmentFooter.sizeBytes(0) + maxRecordBytes;
        long more = (long) segments.available(true) - segments.limits().reservedSegments();
        long inOpen = open == null ? 0 : size - open.dataEnd() - unusable;
        return Math.max(0, inOpen) + more * Math.max(0, size - unusable);
    }

    int segmentCount() {
        return (int) segments.all().stream().filter(SpaceView::holdsRecords).count();
    }

    long usedBytes() {
        return segments.all().stream()
                .filter(SpaceView::holdsRecords)
                .mapToLong(Segment::dataEnd)
                .sum();
    }

    long liveBytes() {
        return segments.all().stream()
                .filter(SpaceView::holdsRecords)
                .mapToLong(Segment::liveBytes)
                .sum();
    }

    long deadBytes() {
        return segments.all().stream()
                .filter(SpaceView::holdsRecords)
                .mapToLong(Segment::deadBytes)
                .sum();
    }

    private static boolean holdsRecords(Segment segment) {
        return segment.state() == Segment.State.OPEN || segment.state() == Segment.State.SEALED;
    }
}
