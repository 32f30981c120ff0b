package io.varve.journal.chronicle;

import static io.varve.journal.frame.FrameDescriptor.CHAIN_LENGTH;
import static io.varve.journal.frame.FrameDescriptor.CHAIN_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.CYCLE_NUMBER_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.CYCLE_START_LENGTH;
import static io.varve.journal.frame.FrameDescriptor.HEADER_LENGTH;
import static io.varve.journal.frame.FrameDescriptor.KIND_CYCLE_START;

import io.varve.journal.frame.FrameDescriptor;

import java.util.Arrays;
import java.util.UUID;

/**
 * The first frame of a cycle file: what the file is and where in the chain it goes on.
 *
 * @param cycle the cycle's number, gapless from 1
 * @param firstPosition of the first record in the file
 * @param parent the chain hash of the record before; never changed
 */
record CycleStart(
        UUID siteId,
        int partition,
        long cycle,
        long firstPosition,
        long timeMicros,
        long writerEpoch,
        byte[] parent) {

    byte[] encode() {
        byte[] bytes = new byte[CYCLE_START_LENGTH];
        FrameDescriptor.putHeader(
                bytes,
                0,
                KIND_CYCLE_START,
                CYCLE_START_LENGTH - HEADER_LENGTH,
                firstPosition,
                timeMicros,
                writerEpoch,
                firstPosition - 1,
                partition);
        System.arraycopy(parent, 0, bytes, CHAIN_OFFSET, CHAIN_LENGTH);
        FrameDescriptor.putSiteId(bytes, 0, siteId);
        FrameDescriptor.putLong(bytes, CYCLE_NUMBER_OFFSET, cycle);
        new FrameRules(siteId, CYCLE_START_LENGTH).putCrc(bytes, 0);
        return bytes;
    }

    /** Only for a frame whose CRC matches and whose kind and length are those of a cycle start. */
    static CycleStart decode(byte[] bytes, int offset) {
        return new CycleStart(
                FrameDescriptor.siteId(bytes, offset),
                FrameDescriptor.partition(bytes, offset),
                FrameDescriptor.getLong(bytes, offset + CYCLE_NUMBER_OFFSET),
                FrameDescriptor.position(bytes, offset),
                FrameDescriptor.timeMicros(bytes, offset),
                FrameDescriptor.writerEpoch(bytes, offset),
                Arrays.copyOfRange(
                        bytes, offset + CHAIN_OFFSET, offset + CHAIN_OFFSET + CHAIN_LENGTH));
    }

    /** Whether two files are the same cycle of the same history. */
    boolean isSameCycleAs(CycleStart other) {
        return siteId.equals(other.siteId)
                && partition == other.partition
                && cycle == other.cycle
                && firstPosition == other.firstPosition
                && Arrays.equals(parent, other.parent);
    }
}
