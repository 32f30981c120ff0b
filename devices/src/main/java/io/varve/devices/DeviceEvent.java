package io.varve.devices;

import java.util.List;
import java.util.UUID;

/** Something an operator, a metric or a test may want to know of. */
public sealed interface DeviceEvent {
    int deviceId();

    /** The device is up. */
    record Opened(int deviceId, UUID deviceUuid, long blobCount, boolean direct, long tookMs)
            implements DeviceEvent {}

    /** A new device was made of an empty directory. */
    record Formatted(int deviceId, UUID deviceUuid) implements DeviceEvent {}

    /** The device did not come up; the pool goes on without it. */
    record Unavailable(int deviceId, String reason) implements DeviceEvent {}

    /** The device takes no more writes. */
    record Failed(int deviceId, String reason) implements DeviceEvent {}

    /** The device has become nearly full, or full, or has room again. */
    record Filled(int deviceId, Fullness fullness, double usedShare) implements DeviceEvent {}

    /** Copies of the label that were damaged, stale or gone are as they should be again. */
    record LabelRepaired(int deviceId, List<String> copies) implements DeviceEvent {}

    /** The last batch before a crash was incomplete; it was never acknowledged and is cut. */
    record TornTailCut(int deviceId, long segmentSequence, long offset) implements DeviceEvent {}

    /** A scan or read found records or checksums damaged in bytes that had been synced. */
    record SegmentDamaged(int deviceId, long segmentSequence, long offset, String detail)
            implements DeviceEvent {}

    /** A sealed segment had no good footer, so its records were read instead. */
    record FooterRebuilt(int deviceId, long segmentSequence, int records) implements DeviceEvent {}

    /** A segment file whose header is lost: set aside, its blobs count as missing. */
    record SegmentLost(int deviceId, String file, String reason) implements DeviceEvent {}

    /** The index is on media, so that the next start need not make it from the segments. */
    record IndexSaved(int deviceId, long blobCount, long sizeBytes, long tookMs)
            implements DeviceEvent {}

    /** The index could not be saved; the next start makes it from the segments. */
    record IndexNotSaved(int deviceId, String reason) implements DeviceEvent {}

    /** A saved index is not used: the index is made from the segments. */
    record SavedIndexRefused(int deviceId, String reason) implements DeviceEvent {}

    record SegmentSealed(int deviceId, long segmentSequence, int records) implements DeviceEvent {}

    /** A segment's live records are elsewhere and its space may be used again. */
    record SegmentCompacted(int deviceId, long segmentSequence, long movedBytes)
            implements DeviceEvent {}

    /** Compaction of a segment stopped; it stays as it is. */
    record CompactionStopped(int deviceId, long segmentSequence, String reason)
            implements DeviceEvent {}

    /** Writes are refused for lack of space from here on. */
    record Full(int deviceId, long writableBytes) implements DeviceEvent {}

    /** Writes are taken again. */
    record SpaceRecovered(int deviceId, long writableBytes) implements DeviceEvent {}

    /** A copy that should be on the device is not. */
    record CopyMissing(int deviceId, BlobId blobId) implements DeviceEvent {}

    /** A copy does not match its checksums or cannot be read. */
    record CopyDamaged(int deviceId, BlobId blobId, String detail) implements DeviceEvent {}

    /** A missing or damaged copy is good again. */
    record CopyRepaired(int deviceId, BlobId blobId) implements DeviceEvent {}

    record RepairFailed(int deviceId, BlobId blobId, String reason) implements DeviceEvent {}

    /** A write was acknowledged without a copy on this device. */
    record CopySkipped(int deviceId, BlobId blobId, String reason) implements DeviceEvent {}
}
