package io.varve.journal.kafka;

import static io.varve.journal.frame.FrameDescriptor.CHAIN_LENGTH;

import io.varve.journal.frame.ChainHash;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/**
 * How far a fold has come: all that decides what it makes of the envelopes that follow.
 *
 * @param nextOffset of the first envelope that it has not seen, with the brokers
 * @param position of the last record
 * @param timeMicros of the last record
 * @param writerEpoch the newest that was opened, or that a stored record had
 * @param leads whether drafts become records; else stored records do
 * @param siteId whose journal it is; {@link #NOBODY} before the founding
 * @param chain hash of the last record; never changed
 */
record FoldPlace(
        long nextOffset,
        long position,
        long timeMicros,
        long writerEpoch,
        boolean leads,
        UUID siteId,
        byte[] chain) {
    static final UUID NOBODY = new UUID(0, 0);
    static final FoldPlace START = new FoldPlace(0, 0, 0, 0, false, NOBODY, ChainHash.genesis());
    static final int ENCODED_LENGTH = 6 * Long.BYTES + 1 + CHAIN_LENGTH;

    void encode(ByteBuffer out) {
        out.putLong(nextOffset).putLong(position).putLong(timeMicros).putLong(writerEpoch);
        out.put((byte) (leads ? 1 : 0));
        out.putLong(siteId.getMostSignificantBits()).putLong(siteId.getLeastSignificantBits());
        out.put(chain);
    }

    static FoldPlace decode(ByteBuffer in) {
        long nextOffset = in.getLong();
        long position = in.getLong();
        long timeMicros = in.getLong();
        long writerEpoch = in.getLong();
        boolean leads = in.get() != 0;
        UUID siteId = new UUID(in.getLong(), in.getLong());
        byte[] chain = new byte[CHAIN_LENGTH];
        in.get(chain);
        return new FoldPlace(nextOffset, position, timeMicros, writerEpoch, leads, siteId, chain);
    }

    /** Whether two folds that came here have made the same of the same envelopes. */
    boolean same(FoldPlace other) {
        return nextOffset == other.nextOffset
                && position == other.position
                && timeMicros == other.timeMicros
                && writerEpoch == other.writerEpoch
                && leads == other.leads
                && siteId.equals(other.siteId)
                && Arrays.equals(chain, other.chain);
    }
}
