package io.varve.devices.log;

import io.varve.devices.DeviceStats;

import java.util.concurrent.atomic.LongAdder;

/** What was done since the device was opened. Any thread counts. */
final class LogCounters {
    private final LongAdder writtenBlobs = new LongAdder();
    private final LongAdder writtenBytes = new LongAdder();
    private final LongAdder deletedBlobs = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder appendedRecords = new LongAdder();
    private final LongAdder readBlobs = new LongAdder();
    private final LongAdder readBytes = new LongAdder();
    private final LongAdder damagedReads = new LongAdder();
    private final LongAdder movedBytes = new LongAdder();
    private final LongAdder releasedSegments = new LongAdder();

    void written(long bytes) {
        writtenBlobs.increment();
        writtenBytes.add(bytes);
    }

    long writtenBytes() {
        return writtenBytes.sum();
    }

    void deleted() {
        deletedBlobs.increment();
    }

    void batch() {
        batches.increment();
    }

    void appended(int records) {
        appendedRecords.add(records);
    }

    /** Records of every kind. */
    long appendedRecords() {
        return appendedRecords.sum();
    }

    void read(long bytes) {
        readBlobs.increment();
        readBytes.add(bytes);
    }

    void damaged() {
        damagedReads.increment();
    }

    void moved(long bytes) {
        movedBytes.add(bytes);
    }

    void released() {
        releasedSegments.increment();
    }

    DeviceStats.Traffic traffic() {
        return new DeviceStats.Traffic(
                writtenBlobs.sum(),
                writtenBytes.sum(),
                deletedBlobs.sum(),
                batches.sum(),
                readBlobs.sum(),
                readBytes.sum(),
                damagedReads.sum(),
                movedBytes.sum(),
                releasedSegments.sum());
    }
}
