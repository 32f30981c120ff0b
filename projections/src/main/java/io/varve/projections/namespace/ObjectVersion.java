package io.varve.projections.namespace;

import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.VersionId;

import java.util.List;
import java.util.OptionalLong;

/**
 * One version of a key: an object, or a delete marker.
 *
 * @param position of the record that made it: its identity, also for null versions
 * @param nullVersion whether S3 calls it {@code null}
 * @param deleteMarker whether it only hides the key; then size is 0, etag is empty and there are no
 *     blobs
 * @param createdMicros record time, what {@code Last-Modified} is made of
 * @param etag without quotes; {@code …-N} for one made of N parts
 * @param partCount 0 when it was put in one piece
 * @param revision the position of the record that last gave it its attributes; at first that is the
 *     record that made it
 */
public record ObjectVersion(
        long bucketId,
        String key,
        long position,
        boolean nullVersion,
        boolean deleteMarker,
        long createdMicros,
        long sizeBytes,
        String etag,
        int partCount,
        Attributes attributes,
        List<Checksum> checksums,
        long revision) {
    public ObjectVersion {
        checksums = List.copyOf(checksums);
    }

    /** A version as it was made. */
    public ObjectVersion(
            long bucketId,
            String key,
            long position,
            boolean nullVersion,
            boolean deleteMarker,
            long createdMicros,
            long sizeBytes,
            String etag,
            int partCount,
            Attributes attributes,
            List<Checksum> checksums) {
        this(
                bucketId,
                key,
                position,
                nullVersion,
                deleteMarker,
                createdMicros,
                sizeBytes,
                etag,
                partCount,
                attributes,
                checksums,
                position);
    }

    /**
     * When it was written where it was written first: here, or at the site that it came from.
     *
     * @see io.varve.journal.record.Precondition.IfOlder
     */
    public long writtenMicros() {
        return Origin.micros(attributes, createdMicros);
    }

    public VersionId versionId() {
        return nullVersion ? VersionId.NULL : new VersionId(position);
    }

    /** When it expires, in seconds since the epoch; empty when it does not. */
    public OptionalLong expiresSeconds() {
        long seconds = Expiry.seconds(attributes);
        return seconds == Expiry.NEVER ? OptionalLong.empty() : OptionalLong.of(seconds);
    }

    /** Whether a reader at that time must take it for absent. */
    public boolean expiredAt(long epochSeconds) {
        return Expiry.seconds(attributes) <= epochSeconds;
    }
}
