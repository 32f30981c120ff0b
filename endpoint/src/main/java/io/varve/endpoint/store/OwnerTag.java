package io.varve.endpoint.store;

import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.UploadChange;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a blob is a piece of, written beside each copy on the devices, so that they can be read
 * without the journal. Devices treat it as opaque.
 *
 * <pre>
 *    0    +-------+-------+---------------+
 *         | form 2| flags | part number   |
 *    4    +-------+-------+---------------+
 *         | bucket id                     |
 *   12    +-------------------------------+
 *         | write id                      |
 *   20    +-------------------------------+
 *         | upload id                     |
 *   28    +-------------------------------+
 *         | offset in the object or part  |
 *   36    +---------------+---------------+
 *         | its length    | key, UTF-8    |
 *         +-------------------------------+
 * </pre>
 *
 * Big-endian. Flag 1: the object or part ends with this blob.
 *
 * @param writeId the same for all blobs of one body; grows with time
 * @param uploadId of the upload that the part is of; 0 for an object of one body
 * @param partNumber 0 for an object of one body
 * @param offset of the blob's first byte in the object or part
 * @param lengthBytes of the blob's content
 * @param last whether the object or part ends with this blob
 */
public record OwnerTag(
        long bucketId,
        String key,
        long writeId,
        long uploadId,
        int partNumber,
        long offset,
        int lengthBytes,
        boolean last) {
    private static final byte FORM = 2;
    private static final byte LAST = 1;
    private static final int PART_OFFSET = 2;
    private static final int BUCKET_OFFSET = 4;
    private static final int WRITE_OFFSET = 12;
    private static final int UPLOAD_OFFSET = 20;
    private static final int OFFSET_OFFSET = 28;
    private static final int LENGTH_OFFSET = 36;
    private static final int KEY_OFFSET = 40;

    /** What the body of an object says of its blobs. */
    static Body ofObject(long bucketId, String key) {
        return new Body(bucketId, key, 0, 0);
    }

    /** What the body of an upload's part says of its blobs. */
    static Body ofPart(long bucketId, String key, long uploadId, int partNumber) {
        return new Body(bucketId, key, uploadId, partNumber);
    }

    /**
     * The tag of a blob that a record of another site brings: the same but for the write id, which
     * the record does not have, and in whose place its time stands.
     */
    public static byte[] ofRecord(Change change, long timeMicros, BlobRef blob) {
        return switch (change) {
            case ObjectChange.PutObject put ->
                    tag(ofObject(put.bucketId(), put.key()), timeMicros, put.manifest(), blob);
            case UploadChange.PutPart put ->
                    tag(
                            ofPart(put.bucketId(), put.key(), put.uploadId(), put.partNumber()),
                            timeMicros,
                            put.manifest(),
                            blob);
            // As one body, whatever its parts: their cut is not in the record.
            case ObjectChange.TransitionVersion moved ->
                    tag(
                            ofObject(moved.bucketId(), moved.key()),
                            timeMicros,
                            moved.manifest(),
                            blob);
            default -> throw new IllegalArgumentException("brings no blob: " + change);
        };
    }

    private static byte[] tag(Body body, long timeMicros, Manifest manifest, BlobRef wanted) {
        long offset = 0;
        for (BlobRef blob : manifest.blobs()) {
            if (blob.equals(wanted)) {
                boolean last = blob.equals(manifest.blobs().getLast());
                return body.blob(WriteIds.at(timeMicros), offset, blob.lengthBytes(), last).bytes();
            }
            offset += blob.lengthBytes();
        }
        throw new IllegalArgumentException("not a blob of that record: " + wanted);
    }

    /** Whose blobs those of a body are. */
    record Body(long bucketId, String key, long uploadId, int partNumber) {
        OwnerTag blob(long writeId, long offset, int lengthBytes, boolean last) {
            return new OwnerTag(
                    bucketId, key, writeId, uploadId, partNumber, offset, lengthBytes, last);
        }
    }

    byte[] bytes() {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        byte[] tag = new byte[KEY_OFFSET + name.length];
        ByteBuffer.wrap(tag)
                .put(FORM)
                .put(last ? LAST : 0)
                .putShort((short) partNumber)
                .putLong(bucketId)
                .putLong(writeId)
                .putLong(uploadId)
                .putLong(offset)
                .putInt(lengthBytes)
                .put(name);
        return tag;
    }

    /** Null when the bytes are nobody's tag. */
    public static @Nullable OwnerTag parse(byte[] tag) {
        if (tag.length <= KEY_OFFSET || tag[0] != FORM) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(tag);
        return new OwnerTag(
                bytes.getLong(BUCKET_OFFSET),
                new String(tag, KEY_OFFSET, tag.length - KEY_OFFSET, StandardCharsets.UTF_8),
                bytes.getLong(WRITE_OFFSET),
                bytes.getLong(UPLOAD_OFFSET),
                bytes.getShort(PART_OFFSET) & 0xffff,
                bytes.getLong(OFFSET_OFFSET),
                bytes.getInt(LENGTH_OFFSET),
                (tag[1] & LAST) != 0);
    }

    /** When a body began to come, in microseconds since the epoch. */
    public static long writtenMicros(long writeId) {
        return WriteIds.micros(writeId);
    }
}
