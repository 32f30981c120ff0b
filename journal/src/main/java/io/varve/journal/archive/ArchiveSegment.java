package io.varve.journal.archive;

import io.varve.journal.StoredRecord;
import io.varve.journal.frame.ChainHash;
import io.varve.journal.frame.FrameDescriptor;
import io.varve.journal.frame.StoredFrames;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of records as an archive holds it: {@code docs/formats/archive.md}.
 *
 * @param before the chain hash of the record before the first
 * @param records in order, none missing; at least one
 */
record ArchiveSegment(UUID siteId, byte[] before, List<StoredRecord> records) {
    private static final byte[] MAGIC = "VARVARC1".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_LENGTH = 32;
    private static final int HEAD_LENGTH =
            MAGIC.length + 2 * Long.BYTES + 2 * Long.BYTES + HASH_LENGTH;
    private static final Pattern NAME = Pattern.compile("records-([0-9]{19})-([0-9]{19})\\.varve");

    ArchiveSegment {
        records = List.copyOf(records);
    }

    /**
     * Which records a segment has, by its name.
     *
     * @param first position
     * @param last position, inclusive
     */
    record Range(long first, long last) {
        String name() {
            return String.format(Locale.ROOT, "records-%019d-%019d.varve", first, last);
        }
    }

    /**
     * @return null when the name is none of a segment
     */
    static @Nullable Range range(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches()
                ? new Range(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)))
                : null;
    }

    Range range() {
        return new Range(records.getFirst().position(), records.getLast().position());
    }

    /** The chain hash of the last record. */
    byte[] end() {
        return records.getLast().chain();
    }

    byte[] encode() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        Range range = range();
        to.writeBytes(
                ByteBuffer.allocate(HEAD_LENGTH)
                        .put(MAGIC)
                        .putLong(siteId.getMostSignificantBits())
                        .putLong(siteId.getLeastSignificantBits())
                        .putLong(range.first())
                        .putLong(range.last())
                        .put(before)
                        .array());
        for (StoredRecord record : records) {
            to.writeBytes(StoredFrames.whole(record));
        }
        byte[] whole = to.toByteArray();
        to.writeBytes(sha256(whole, whole.length));
        return to.toByteArray();
    }

    /**
     * Verifies everything: the checksum of the whole, that the records are those of the name, and
     * that each continues the chain.
     *
     * @throws ArchiveException when anything is wrong
     */
    static ArchiveSegment decode(String name, byte[] bytes) {
        int end = bytes.length - HASH_LENGTH;
        if (end < HEAD_LENGTH || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ArchiveException("not a segment of an archive: " + name);
        }
        byte[] hash = Arrays.copyOfRange(bytes, end, bytes.length);
        if (!MessageDigest.isEqual(hash, sha256(bytes, end))) {
            throw new ArchiveException("checksum mismatch: " + name);
        }
        ByteBuffer head = ByteBuffer.wrap(bytes, MAGIC.length, HEAD_LENGTH - MAGIC.length);
        UUID siteId = new UUID(head.getLong(), head.getLong());
        Range range = new Range(head.getLong(), head.getLong());
        if (!range.name().equals(name)) {
            throw new ArchiveException("holds the records of " + range.name() + ": " + name);
        }
        byte[] before = new byte[HASH_LENGTH];
        head.get(before);
        List<StoredRecord> records = records(name, bytes, end, range, before);
        return new ArchiveSegment(siteId, before, records);
    }

    private static List<StoredRecord> records(
            String name, byte[] bytes, int end, Range range, byte[] before) {
        List<StoredRecord> records = new ArrayList<>();
        ChainHash chain = new ChainHash(before);
        int at = HEAD_LENGTH;
        for (long position = range.first(); position <= range.last(); position++) {
            boolean whole =
                    at + FrameDescriptor.HEADER_LENGTH <= end
                            && FrameDescriptor.isHeader(bytes, at)
                            && FrameDescriptor.frameLength(bytes, at) <= end - at;
            if (!whole
                    || FrameDescriptor.position(bytes, at) != position
                    || !chain.follow(bytes, at)) {
                throw new ArchiveException("position " + position + " is damaged: " + name);
            }
            int length = FrameDescriptor.frameLength(bytes, at);
            records.add(StoredFrames.decode(Arrays.copyOfRange(bytes, at, at + length)));
            at += length;
        }
        if (at != end || records.isEmpty()) {
            throw new ArchiveException("holds more than it says: " + name);
        }
        return records;
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
