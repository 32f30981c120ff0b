package io.varve.journal.frame;

import static io.varve.journal.frame.FrameDescriptor.CHAIN_LENGTH;
import static io.varve.journal.frame.FrameDescriptor.CHAIN_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.CRC_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.HEADER_LENGTH;
import static io.varve.journal.frame.FrameDescriptor.PARTITION_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.POSITION_OFFSET;
import static io.varve.journal.frame.FrameDescriptor.SYNCED_POSITION_OFFSET;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The running end of a hash chain. What it proves: two journals whose chains are equal at a
 * position hold the same records in the same order up to there, none missing. Whoever can rewrite
 * all files can also make a new chain; against that it helps only if the hash of some position is
 * kept elsewhere (the second site does). Single-threaded.
 */
public final class ChainHash {
    private final MessageDigest digest;
    private final byte[] end = new byte[CHAIN_LENGTH];
    private final byte[] candidate = new byte[CHAIN_LENGTH];
    private final byte[] head = new byte[CHAIN_LENGTH + HEADER_LENGTH];

    /** Starts after the frame that has this hash; 32 zero bytes before the first record. */
    public ChainHash(byte[] parent) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        reset(parent);
    }

    public void reset(byte[] parent) {
        System.arraycopy(parent, 0, end, 0, CHAIN_LENGTH);
    }

    public static byte[] genesis() {
        return new byte[CHAIN_LENGTH];
    }

    /** Goes on by one frame and writes the hash into it. The CRC must be put afterwards. */
    public void append(byte[] bytes, int offset) {
        compute(bytes, offset);
        System.arraycopy(candidate, 0, end, 0, CHAIN_LENGTH);
        System.arraycopy(end, 0, bytes, offset + CHAIN_OFFSET, CHAIN_LENGTH);
    }

    /** Goes on by one frame if that frame is the next of the chain. */
    public boolean follow(byte[] bytes, int offset) {
        compute(bytes, offset);
        int stored = offset + CHAIN_OFFSET;
        if (!Arrays.equals(candidate, 0, CHAIN_LENGTH, bytes, stored, stored + CHAIN_LENGTH)) {
            return false;
        }
        System.arraycopy(candidate, 0, end, 0, CHAIN_LENGTH);
        return true;
    }

    /** The hash of the last frame, a copy. */
    public byte[] end() {
        return end.clone();
    }

    /**
     * The parts before the payload are gathered and hashed as one: each call of the digest is
     * compiled into its caller with all that it does, which costs a start more than their copying.
     */
    private void compute(byte[] bytes, int offset) {
        int length = gather(end, 0, CHAIN_LENGTH, 0);
        length = gather(bytes, offset, CRC_OFFSET, length);
        length =
                gather(
                        bytes,
                        offset + POSITION_OFFSET,
                        SYNCED_POSITION_OFFSET - POSITION_OFFSET,
                        length);
        length = gather(bytes, offset + PARTITION_OFFSET, CHAIN_OFFSET - PARTITION_OFFSET, length);
        digest.update(head, 0, length);
        digest.update(bytes, offset + HEADER_LENGTH, FrameDescriptor.payloadLength(bytes, offset));
        try {
            digest.digest(candidate, 0, CHAIN_LENGTH);
        } catch (DigestException e) {
            throw new AssertionError("the buffer has the digest's length", e);
        }
    }

    private int gather(byte[] from, int offset, int length, int at) {
        System.arraycopy(from, offset, head, at, length);
        return at + length;
    }
}
