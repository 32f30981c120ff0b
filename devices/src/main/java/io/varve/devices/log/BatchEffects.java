package io.varve.devices.log;

import static io.varve.devices.log.RecordDescriptor.TOMBSTONE_BYTES;

import io.varve.devices.DeviceFullException;

import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;

/**
 * Makes a batch that is on media visible: index, segment counts, and the answers to its requests.
 * Single-threaded: owned by the log's agent.
 */
final class BatchEffects {
    private final int deviceId;
    private final SegmentTable segments;
    private final BlobIndex index;
    private final LogCounters counters;
    private final Consumer<LogRequest> followUps;

    /**
     * @param followUps takes requests that a batch leads to
     */
    BatchEffects(
            int deviceId,
            SegmentTable segments,
            BlobIndex index,
            LogCounters counters,
            Consumer<LogRequest> followUps) {
        this.followUps = followUps;
        this.deviceId = deviceId;
        this.segments = segments;
        this.index = index;
        this.counters = counters;
    }

    /** The records of the batch are in that segment now. */
    void apply(Batch batch, SegmentAppender appender) {
        Segment target = appender.segment();
        target.dataEnd(appender.offset());
        for (Batch.Appended record : batch.appended) {
            if (record.tombstone()) {
                applyTombstone(record, target, appender.entries());
            } else {
                applyBlob(record, target, appender.entries());
            }
        }
        counters.batch();
        counters.appended(batch.appended.size());
    }

    private void applyBlob(Batch.Appended record, Segment target, SegmentEntries entries) {
        LogRequest request = record.request();
        BlobPlace before = forgetPlace(request);
        if (before != null && record.deletedIn() != 0 && record.deletedIn() != target.sequence()) {
            bury(record, segments.present(before.slot()));
        }
        int bytes = BlobPlace.recordBytes(record.shape());
        target.addLive(bytes);
        entries.addBlob(
                request.idHigh, request.idLow, record.number(), record.offset(), record.shape());
        index.put(request.idHigh, request.idLow, target.slot(), record.offset(), record.shape());
        if (request instanceof LogRequest.Move) {
            counters.moved(bytes);
        } else {
            counters.written(BlobPlace.payloadBytes(record.shape()));
        }
    }

    private void applyTombstone(Batch.Appended record, Segment target, SegmentEntries entries) {
        LogRequest request = record.request();
        entries.addTombstone(request.idHigh, request.idLow, record.number(), record.rawDeletedIn());
        if (request instanceof LogRequest.CarryTombstone carry) {
            if (carry.from != null) {
                carry.from.removeTombstone(record.deletedIn(), TOMBSTONE_BYTES);
            }
        } else if (request instanceof LogRequest.Delete) {
            forgetPlace(request);
            index.remove(request.idHigh, request.idLow);
            counters.deleted();
        }
        if (record.deletedIn() != target.sequence() && segments.holds(record.deletedIn())) {
            target.addTombstone(record.deletedIn(), TOMBSTONE_BYTES);
        }
    }

    /** Counts the blob's record, if it has one, as dead. */
    private @Nullable BlobPlace forgetPlace(LogRequest request) {
        BlobPlace before = index.find(request.idHigh, request.idLow);
        if (before != null) {
            segments.present(before.slot()).addLive(-before.recordBytes());
        }
        return before;
    }

    /** Has the record that was replaced named dead. */
    private void bury(Batch.Appended replacing, Segment segment) {
        LogRequest request = replacing.request();
        followUps.accept(
                new LogRequest.CarryTombstone(
                        request.idHigh,
                        request.idLow,
                        null,
                        replacing.number() - 1,
                        replacing.deletedIn() | RecordHead.COPY_ONLY,
                        (changed, failure) -> {
                            if (failure != null) {
                                segment.markTwins();
                            }
                        }));
    }

    /** Answers what the batch dealt with, and forgets it; returns how many requests that were. */
    int complete(Batch batch) {
        int done = batch.unchanged.size() + batch.refused.size();
        LogRequest before = null;
        for (Batch.Appended record : batch.appended) {
            if (record.request() != before) {
                before = record.request();
                before.complete(true, null);
                done++;
            }
        }
        for (LogRequest request : batch.unchanged) {
            request.complete(false, null);
        }
        for (LogRequest request : batch.refused) {
            request.complete(
                    false,
                    new DeviceFullException("device %d has no room for it".formatted(deviceId)));
        }
        batch.clear();
        return done;
    }
}
