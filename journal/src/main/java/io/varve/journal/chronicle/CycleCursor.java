package io.varve.journal.chronicle;

import static io.varve.journal.frame.FrameDescriptor.HEADER_LENGTH;

import io.varve.journal.JournalException;
import io.varve.journal.codec.RecordCodec;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Walks the frames of one cycle file in order and verifies each: excerpt length, header, CRC, place
 * and chain. It reads the file itself by plain reads instead of through the queue library's
 * mappings: a damaged length then is a verdict and not a wild access, and a medium that fails gives
 * an exception and not a signal. Of the library's format it knows the documents' 4-byte headers
 * only.
 *
 * <p>Single-threaded. May be used on the file that is being appended to; then it must only be asked
 * for positions that are known to be complete, and {@link #forgetReadAhead} be called first.
 */
final class CycleCursor implements AutoCloseable {

    enum Step {
        /** A frame that is intact and in its place. */
        FRAME,
        /** Nothing more was written here. */
        END,
        /** There is something, and it is no intact next frame; see {@link #badReason}. */
        BAD
    }

    /** The queue library's flags in the 4 bytes before each document. */
    private static final int NOT_COMPLETE = 0x8000_0000;

    private static final int META_DATA = 0x4000_0000;
    private static final int END_OF_DATA = NOT_COMPLETE | META_DATA;
    private static final int LENGTH_MASK = 0x3FFF_FFFF;
    static final int EXCERPT_HEADER_LENGTH = 4;

    private static final int READ_AHEAD_BYTES = 256 << 10;

    private final Path file;
    private final FileChannel channel;
    private final FrameRules rules;
    private final ChainHash chain = new ChainHash(ChainHash.genesis());

    private byte[] buffer = new byte[READ_AHEAD_BYTES];
    private long bufferStart;
    private int bufferLength;

    /** Where the next document begins. */
    private long offset;

    private @Nullable CycleStart start;
    private long nextPosition;
    private int frame;
    private String badReason = "";

    /**
     * Where a walk over the file has been: the frames up to there were intact. Another walk may
     * begin there; a frame behind it is verified as ever, and must continue the chain.
     *
     * @param nextPosition of the frame that follows
     * @param offset where the frames up to there end
     * @param chain the chain hash there
     */
    record Place(CycleStart start, long nextPosition, long offset, byte[] chain) {}

    CycleCursor(Path file, FrameRules rules) throws IOException {
        this.file = file;
        this.rules = rules;
        this.channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Goes on where another walk over the file has been. */
    CycleCursor(Path file, FrameRules rules, Place place) throws IOException {
        this(file, rules);
        start = place.start();
        nextPosition = place.nextPosition();
        offset = place.offset();
        chain.reset(place.chain());
    }

    /** Behind the frame just verified, in the cycle of that start. */
    Place place(CycleStart first) {
        return new Place(first, nextPosition, offset, chain.end());
    }

    /**
     * The cycle's first frame, or null when the file has none that is intact: it was never born, or
     * is damaged.
     */
    @Nullable CycleStart start() {
        if (start == null && offset == 0) {
            if (next() != Step.FRAME) {
                return null;
            }
        }
        return start;
    }

    /** Goes on to the next record. After END or BAD it stays where it is and may be asked again. */
    Step next() {
        try {
            return findFrame();
        } catch (ClosedByInterruptException e) {
            throw new JournalException("interrupted while reading " + file, e);
        } catch (IOException e) {
            return bad("read failed: " + e);
        }
    }

    private Step findFrame() throws IOException {
        while (true) {
            long at = offset + 3 & ~3L;
            if (!load(at, EXCERPT_HEADER_LENGTH)) {
                return Step.END;
            }
            int header = FrameDescriptor.getInt(buffer, (int) (at - bufferStart));
            if (header == 0 || header == END_OF_DATA) {
                return Step.END;
            }
            if ((header & NOT_COMPLETE) != 0) {
                return bad("excerpt is incomplete");
            }
            int length = header & LENGTH_MASK;
            if ((header & META_DATA) != 0) {
                if (at + EXCERPT_HEADER_LENGTH + length > channel.size()) {
                    return bad("metadata is longer than the file: length=" + length);
                }
                offset = at + EXCERPT_HEADER_LENGTH + length;
                continue;
            }
            return verify(at, length);
        }
    }

    private Step verify(long at, int length) throws IOException {
        if (length < HEADER_LENGTH || length > rules.maxFrameBytes()) {
            return bad("excerpt length is impossible: " + length);
        }
        if (!load(at + EXCERPT_HEADER_LENGTH, length)) {
            return bad("excerpt is longer than the file: length=" + length);
        }
        int candidate = (int) (at + EXCERPT_HEADER_LENGTH - bufferStart);
        if (!FrameDescriptor.isHeader(buffer, candidate)) {
            return bad("frame header is not one");
        }
        if (FrameDescriptor.frameLength(buffer, candidate) != length) {
            return bad("frame and excerpt lengths differ");
        }
        if (!rules.crcMatches(buffer, candidate)) {
            return bad("checksum mismatch");
        }
        String misplaced = start == null ? acceptStart(candidate) : misplacement(candidate);
        if (misplaced != null) {
            return bad(misplaced);
        }
        frame = candidate;
        offset = at + EXCERPT_HEADER_LENGTH + length;
        return Step.FRAME;
    }

    private @Nullable String acceptStart(int candidate) {
        if (FrameDescriptor.kind(buffer, candidate) != FrameDescriptor.KIND_CYCLE_START
                || FrameDescriptor.frameLength(buffer, candidate)
                        != FrameDescriptor.CYCLE_START_LENGTH) {
            return "the first frame is no cycle start";
        }
        CycleStart first = CycleStart.decode(buffer, candidate);
        if (!first.siteId().equals(rules.siteId())) {
            return "the cycle is of another site: " + first.siteId();
        }
        chain.reset(first.parent());
        nextPosition = first.firstPosition();
        start = first;
        return null;
    }

    private @Nullable String misplacement(int candidate) {
        if (FrameDescriptor.kind(buffer, candidate) != FrameDescriptor.KIND_RECORD) {
            return "a second cycle start";
        }
        long position = FrameDescriptor.position(buffer, candidate);
        if (position != nextPosition) {
            return "position is %d instead of %d".formatted(position, nextPosition);
        }
        if (!chain.follow(buffer, candidate)) {
            return "chain hash mismatch";
        }
        nextPosition++;
        return null;
    }

    private Step bad(String reason) {
        badReason = reason;
        return Step.BAD;
    }

    /** Makes a range of the file available in the buffer; false when the file ends before. */
    private boolean load(long from, int length) throws IOException {
        if (from >= bufferStart && from + length <= bufferStart + bufferLength) {
            return true;
        }
        int wanted = Math.max(length, READ_AHEAD_BYTES);
        if (buffer.length < wanted) {
            buffer = new byte[wanted];
        }
        bufferStart = from;
        bufferLength = 0;
        ByteBuffer target = ByteBuffer.wrap(buffer);
        while (target.hasRemaining()) {
            int read = channel.read(target, from + bufferLength);
            if (read < 0) {
                break;
            }
            bufferLength += read;
        }
        return bufferLength >= length;
    }

    /** Drops what was read ahead, since a writer may have changed it meanwhile. */
    void forgetReadAhead() {
        bufferStart = offset;
        bufferLength = 0;
    }

    /** The request of the record just verified. */
    RequestId requestId() {
        return RecordCodec.requestId(payload());
    }

    private ByteBuffer payload() {
        return ByteBuffer.wrap(
                buffer, frame + HEADER_LENGTH, FrameDescriptor.payloadLength(buffer, frame));
    }

    /** The record just verified. */
    JournalRecord record() {
        Draft draft = RecordCodec.decode(payload());
        return new JournalRecord(
                FrameDescriptor.partition(buffer, frame),
                FrameDescriptor.position(buffer, frame),
                FrameDescriptor.timeMicros(buffer, frame),
                FrameDescriptor.writerEpoch(buffer, frame),
                draft.requestId(),
                draft.principal(),
                draft.change());
    }

    /** The frame just verified, a copy. */
    byte[] frameBytes() {
        return Arrays.copyOfRange(
                buffer, frame, frame + FrameDescriptor.frameLength(buffer, frame));
    }

    int frameLength() {
        return FrameDescriptor.frameLength(buffer, frame);
    }

    long timeMicros() {
        return FrameDescriptor.timeMicros(buffer, frame);
    }

    long writerEpoch() {
        return FrameDescriptor.writerEpoch(buffer, frame);
    }

    long syncedPosition() {
        return FrameDescriptor.syncedPosition(buffer, frame);
    }

    /** The position that the next frame must have; the last verified one is the one before. */
    long nextPosition() {
        return nextPosition;
    }

    /** The chain hash of the last verified frame. */
    byte[] chainEnd() {
        return chain.end();
    }

    /** Where the last verified frame ends. */
    long offset() {
        return offset;
    }

    String badReason() {
        return badReason;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalException("cannot close " + file, e);
        }
    }
}
