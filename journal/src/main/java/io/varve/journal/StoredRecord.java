package io.varve.journal;

/**
 * A record as it is stored, verified: what another site needs to have the same history. Where the
 * chain hashes of two journals are equal at a position, all records up to it are.
 *
 * @param timeMicros hybrid logical time, as {@link io.varve.journal.record.JournalRecord} has it
 * @param writerEpoch which writer gave it its place
 * @param chain the chain hash at this position; never changed
 * @param payload the encoded draft, see {@link io.varve.journal.codec.RecordCodec}; never changed
 */
public record StoredRecord(
        int partition,
        long position,
        long timeMicros,
        long writerEpoch,
        byte[] chain,
        byte[] payload) {

    /** Without the bytes: they may be many, and hold what is no business of a log. */
    @Override
    public String toString() {
        return "StoredRecord[position=%d, writerEpoch=%d, payload=%d bytes]"
                .formatted(position, writerEpoch, payload.length);
    }
}
