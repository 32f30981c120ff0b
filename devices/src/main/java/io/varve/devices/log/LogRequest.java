package io.varve.devices.log;

import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Something for a log's agent to do. Handed over once; the agent completes it. */
abstract sealed class LogRequest {
    final long idHigh;
    final long idLow;
    private final LogCallback callback;

    /** The one pushed before; belongs to the queue. */
    @Nullable LogRequest next;

    private LogRequest(long idHigh, long idLow, LogCallback callback) {
        this.idHigh = idHigh;
        this.idLow = idLow;
        this.callback = callback;
    }

    final void complete(boolean changed, @Nullable DeviceException failure) {
        callback.completed(changed, failure);
    }

    /** A blob to be written unless it is there; {@code replace}: even then. */
    static final class Write extends LogRequest {
        final BlobPayload payload;
        final byte[] ownerTag;
        final boolean replace;

        Write(
                long idHigh,
                long idLow,
                BlobPayload payload,
                byte[] ownerTag,
                boolean replace,
                LogCallback callback) {
            super(idHigh, idLow, callback);
            this.payload = payload;
            this.ownerTag = ownerTag;
            this.replace = replace;
        }

        int shape() {
            return BlobPlace.shape(payload.lengthBytes(), ownerTag.length);
        }
    }

    /** A blob to be deleted if it is there; {@code copyOnly}: it lives on elsewhere. */
    static final class Delete extends LogRequest {
        final boolean copyOnly;

        Delete(long idHigh, long idLow, boolean copyOnly, LogCallback callback) {
            super(idHigh, idLow, callback);
            this.copyOnly = copyOnly;
        }
    }

    /** A record to be copied out of a segment, if it is still the blob's. */
    static final class Move extends LogRequest {
        final Segment from;
        final RecordHead head;
        final ByteBuffer record;

        Move(Segment from, RecordHead head, ByteBuffer record, LogCallback callback) {
            super(head.idHigh(), head.idLow(), callback);
            this.from = from;
            this.head = head;
            this.record = record;
        }
    }

    /** A blob whose record is lost and whose segment is to go. */
    static final class Forget extends LogRequest {
        final Segment from;
        final long offset;

        Forget(long idHigh, long idLow, Segment from, long offset, LogCallback callback) {
            super(idHigh, idLow, callback);
            this.from = from;
            this.offset = offset;
        }
    }

    /** A tombstone to be copied out of a segment, or a new one for a record that was replaced. */
    static final class CarryTombstone extends LogRequest {
        final @Nullable Segment from;
        final long number;
        final long rawDeletedIn;

        CarryTombstone(
                long idHigh,
                long idLow,
                @Nullable Segment from,
                long number,
                long rawDeletedIn,
                LogCallback callback) {
            super(idHigh, idLow, callback);
            this.from = from;
            this.number = number;
            this.rawDeletedIn = rawDeletedIn;
        }
    }

    /** Asks which moment this is, between two batches. */
    static final class TakeMark extends LogRequest {
        private final Consumer<IndexMark> taker;

        TakeMark(Consumer<IndexMark> taker, LogCallback callback) {
            super(0, 0, callback);
            this.taker = taker;
        }

        void take(IndexMark mark) {
            taker.accept(mark);
        }
    }

    /** A segment of which nothing is needed any more. */
    static final class Release extends LogRequest {
        final Segment segment;

        Release(Segment segment, LogCallback callback) {
            super(0, 0, callback);
            this.segment = segment;
        }
    }
}
