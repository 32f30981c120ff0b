package io.varve.journal.frame;

import java.util.Arrays;

/**
 * A record as it is on media, verified: what a second site needs to have the same bytes.
 *
 * @param chain the chain hash at this position; never changed
 * @param payload the encoded draft, see {@link io.varve.journal.codec.RecordCodec}; never changed
 */
public record RawFrame(
        int partition,
        long position,
        long timeMicros,
        long writerEpoch,
        byte[] chain,
        byte[] payload) {

    public static RawFrame of(byte[] frame) {
        return new RawFrame(
                FrameDescriptor.partition(frame, 0),
                FrameDescriptor.position(frame, 0),
                FrameDescriptor.timeMicros(frame, 0),
                FrameDescriptor.writerEpoch(frame, 0),
                Arrays.copyOfRange(
                        frame, FrameDescriptor.CHAIN_OFFSET, FrameDescriptor.HEADER_LENGTH),
                Arrays.copyOfRange(frame, FrameDescriptor.HEADER_LENGTH, frame.length));
    }
}
