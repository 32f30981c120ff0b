package io.varve.journal.chronicle;

import io.varve.journal.chronicle.MirrorLabel.Mark;

/**
 * Where a recovered history ends and how to go on.
 *
 * @param mark the last record and the chain hash there
 * @param lastTimeMicros no later record may have an earlier time, and none that of the last record
 * @param writerEpoch of the writer that goes on
 * @param nextCycle the number of the cycle to begin
 */
record RecoveredEnd(Mark mark, long lastTimeMicros, long writerEpoch, long nextCycle) {}
