package io.varve.journal.kafka;

import static io.varve.journal.frame.FrameDescriptor.HEADER_LENGTH;

import io.varve.journal.JournalException;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * Makes the journal out of what its writers sent, in the order in which the brokers keep it: each
 * draft gets the next position, a time that is later than the one before, and the next hash of the
 * chain. It is a pure function of the envelopes, so that all readers make the same of them, frame
 * for frame and byte for byte, without a word between them.
 *
 * <p>What a writer of an older epoch sent is passed over, and so is what no writer of this site
 * sent: neither takes a position. Single-threaded.
 */
final class EnvelopeFold {
    static final int PARTITION = 0;
    static final long FIRST_EPOCH = 1;

    private final ChainHash chain;
    private long nextOffset;
    private long position;
    private long timeMicros;
    private long writerEpoch;
    private boolean leads;
    private UUID siteId;

    /** What became of an envelope. */
    sealed interface Step {
        /**
         * @param frame the record as the embedded journal would keep it, but for the CRC of its
         *     header, which is zero
         */
        record Chained(byte[] frame, UUID writer, long number) implements Step {}

        /** Its writer's epoch is older than the one that was opened. */
        record Fenced(UUID writer, long number, long openEpoch) implements Step {}

        /**
         * @param siteId whose journal it is, by this founding or by an earlier one
         */
        record Founded(UUID siteId, UUID writer, long number) implements Step {}

        /**
         * @param opened whether it is the newest now; another may have been faster
         */
        record Epoch(UUID writer, long number, boolean opened) implements Step {}

        record Barrier(UUID writer, long number) implements Step {}

        /** A stored record that does not go on where the last one ended. */
        record Unfit(UUID writer, long number, String reason) implements Step {}

        record Ignored(String reason) implements Step {}
    }

    EnvelopeFold(FoldPlace from) {
        this.chain = new ChainHash(from.chain());
        this.nextOffset = from.nextOffset();
        this.position = from.position();
        this.timeMicros = from.timeMicros();
        this.writerEpoch = from.writerEpoch();
        this.leads = from.leads();
        this.siteId = from.siteId();
    }

    FoldPlace place() {
        return new FoldPlace(
                nextOffset, position, timeMicros, writerEpoch, leads, siteId, chain.end());
    }

    long position() {
        return position;
    }

    /**
     * @param offset where the brokers keep it; they leave gaps, but never go back
     * @throws JournalException when a newer version of this software has written it
     */
    Step accept(long offset, byte[] value) {
        if (offset < nextOffset) {
            throw new IllegalStateException(
                    "envelopes out of order: offset=%d, expected=%d".formatted(offset, nextOffset));
        }
        Step step =
                switch (Envelope.decode(value, siteId)) {
                    case Envelope.Read.Whole whole -> apply(whole.envelope());
                    case Envelope.Read.Foreign foreign -> new Step.Ignored(foreign.reason());
                    case Envelope.Read.TooNew newer ->
                            throw new JournalException(
                                    "the journal is written by a newer version: offset=%d: %s"
                                            .formatted(offset, newer.reason()));
                };
        nextOffset = offset + 1;
        return step;
    }

    private Step apply(Envelope envelope) {
        return switch (envelope.kind()) {
            case FOUNDING -> found(envelope);
            case BARRIER -> new Step.Barrier(envelope.writer(), envelope.number());
            case DRAFT -> founded() ? chain(envelope) : new Step.Ignored("sent before founding");
            case STORED -> founded() ? follow(envelope) : new Step.Ignored("sent before founding");
            case EPOCH -> founded() ? open(envelope) : new Step.Ignored("sent before founding");
        };
    }

    private boolean founded() {
        return !siteId.equals(FoldPlace.NOBODY);
    }

    private Step found(Envelope envelope) {
        if (envelope.payload().length != Envelope.SITE_ID_LENGTH) {
            return new Step.Ignored("founding names no site");
        }
        if (!founded()) {
            siteId = Envelope.decodeSiteId(envelope.payload());
            leads = envelope.writerEpoch() == FIRST_EPOCH;
            writerEpoch = envelope.writerEpoch();
            // As the embedded journal's first file has the time at which it was begun.
            timeMicros = Math.max(0, envelope.timeMicros());
        }
        return new Step.Founded(siteId, envelope.writer(), envelope.number());
    }

    private Step open(Envelope envelope) {
        boolean newer = envelope.writerEpoch() > writerEpoch;
        if (newer) {
            writerEpoch = envelope.writerEpoch();
            leads = true;
        }
        return new Step.Epoch(envelope.writer(), envelope.number(), newer);
    }

    private Step chain(Envelope envelope) {
        if (!leads || envelope.writerEpoch() != writerEpoch) {
            // A newer one than was opened cannot come from a writer that has seen it opened.
            return new Step.Fenced(envelope.writer(), envelope.number(), writerEpoch);
        }
        byte[] payload = envelope.payload();
        position++;
        timeMicros = Math.max(envelope.timeMicros(), timeMicros + 1);
        byte[] frame = new byte[HEADER_LENGTH + payload.length];
        FrameDescriptor.putHeader(
                frame,
                0,
                FrameDescriptor.KIND_RECORD,
                payload.length,
                position,
                timeMicros,
                writerEpoch,
                0,
                PARTITION);
        System.arraycopy(payload, 0, frame, HEADER_LENGTH, payload.length);
        chain.append(frame, 0);
        return new Step.Chained(frame, envelope.writer(), envelope.number());
    }

    /** As the other journal has it, or not at all. */
    private Step follow(Envelope envelope) {
        byte[] frame = envelope.payload();
        String unfit = unfitness(frame);
        if (unfit != null) {
            return new Step.Unfit(envelope.writer(), envelope.number(), unfit);
        }
        position++;
        timeMicros = FrameDescriptor.timeMicros(frame, 0);
        writerEpoch = FrameDescriptor.writerEpoch(frame, 0);
        return new Step.Chained(frame, envelope.writer(), envelope.number());
    }

    /** Goes on by the frame when it fits. */
    private @Nullable String unfitness(byte[] frame) {
        if (leads) {
            return "the journal leads";
        }
        if (frame.length < HEADER_LENGTH
                || !FrameDescriptor.isHeader(frame, 0)
                || FrameDescriptor.kind(frame, 0) != FrameDescriptor.KIND_RECORD
                || FrameDescriptor.frameLength(frame, 0) != frame.length) {
            return "no frame of a record";
        }
        if (FrameDescriptor.position(frame, 0) != position + 1
                || FrameDescriptor.partition(frame, 0) != PARTITION) {
            return "position %d was expected".formatted(position + 1);
        }
        if (FrameDescriptor.writerEpoch(frame, 0) < writerEpoch) {
            return "its writer epoch is older than " + writerEpoch;
        }
        return chain.follow(frame, 0) ? null : "its chain hash is that of another history";
    }
}
