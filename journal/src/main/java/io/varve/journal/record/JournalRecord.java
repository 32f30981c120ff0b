package io.varve.journal.record;

/**
 * One entry of the journal, in its final place.
 *
 * @param partition the journal partition; the embedded journal has only partition 0
 * @param position gapless within the partition, from 1 (the sequence and the position are one
 *     number, see docs/decisions)
 * @param timeMicros hybrid logical time, microseconds since the epoch, strictly increasing within
 *     the partition
 * @param writerEpoch which writer appended it; never decreases
 * @param requestId the request that caused it
 * @param principal who asked for it: the journal is the audit log
 */
public record JournalRecord(
        int partition,
        long position,
        long timeMicros,
        long writerEpoch,
        RequestId requestId,
        String principal,
        Change change) {}
