package io.varve.journal.record;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** A change to one key of one bucket. Keys are 1 to 1024 bytes of UTF-8, ordered by those bytes. */
public sealed interface ObjectChange extends Change {

    long bucketId();

    String key();

    /**
     * Puts a new version whose bytes are already durable on the devices.
     *
     * @param etag the hexadecimal MD5 of the content, without quotes
     */
    record PutObject(
            long bucketId,
            String key,
            String etag,
            Manifest manifest,
            Attributes attributes,
            List<Checksum> checksums,
            Precondition condition)
            implements ObjectChange {
        public PutObject {
            checksums = List.copyOf(checksums);
        }
    }

    /**
     * Puts a new version that shares the blobs of an existing one: no byte is copied. Refused when
     * exactly that source version is gone.
     *
     * @param attributes what the copy shows instead of the source's attributes; null keeps the
     *     source's
     */
    record CopyObject(
            long bucketId,
            String key,
            VersionRef source,
            @Nullable Attributes attributes,
            Precondition condition)
            implements ObjectChange {}

    /**
     * Removes what a reader of the key would see, or one version of it.
     *
     * @param version null: by the rules of the bucket's versioning (delete marker or removal);
     *     otherwise exactly that version, for good
     */
    record DeleteObject(
            long bucketId, String key, @Nullable VersionId version, Precondition condition)
            implements ObjectChange {}

    /**
     * Replaces the attributes of one version in place: it stays the same version of the same bytes.
     * What it said before stays readable as of then, until the window closes. Refused when the
     * version is gone or is a delete marker, and when its attributes were replaced meanwhile.
     *
     * @param position of the record that made the version, the null version included; never 0
     * @param revision of the version that the new attributes were made from: the position of the
     *     record that last gave it its attributes; 0 when whatever it has is replaced
     * @param touch whether its last modification is now
     */
    record SetAttributes(
            long bucketId,
            String key,
            long position,
            long revision,
            Attributes attributes,
            boolean touch)
            implements ObjectChange {}

    /**
     * Removes one version for good because it has expired. Where the bucket keeps versions and this
     * is the newest of its key, a delete marker takes its place, so that no older version comes to
     * light. Refused when the version is gone, or does not expire by then any more.
     *
     * @param position of the record that made the version, the null version included; never 0
     * @param throughSeconds what expires at or before this, in seconds since the epoch, is due
     * @param keep whether a version that has an id stays under it, only out of a reader's sight; no
     *     delete marker comes then, and what is not current does not expire
     */
    record ExpireObject(long bucketId, String key, long position, long throughSeconds, boolean keep)
            implements ObjectChange {}

    /**
     * Removes exactly one version for good, and brings no other to light: when it was what a reader
     * of the key sees, the key reads as absent from then on. Refused when the version is gone.
     *
     * @param position of the record that made the version, the null version included; never 0
     */
    record RemoveVersion(long bucketId, String key, long position) implements ObjectChange {}

    /**
     * Makes a version that the bucket keeps what a reader of the key sees, in the place of whatever
     * that is now: it stays the same version, with its id and its place among the others. Refused
     * when the version is gone or is a delete marker.
     *
     * @param position of the record that made the version, the null version included; never 0
     */
    record RestoreVersion(long bucketId, String key, long position) implements ObjectChange {}

    /**
     * Has one version's bytes be elsewhere: in other blobs, already durable, with the same bytes,
     * cut where its parts end. It stays the same version; where its bytes were before stays
     * readable as of then, until the window closes. Refused when the version is gone or is a delete
     * marker, and when the blobs are not as long as it is, or are not cut where its parts end.
     *
     * @param position of the record that made the version, the null version included; never 0
     * @param manifest all its blobs, of all its parts
     * @param storageClass what its attributes name from now on; empty for the default
     */
    record TransitionVersion(
            long bucketId, String key, long position, Manifest manifest, String storageClass)
            implements ObjectChange {}

    /**
     * Takes what a reader of the key sees out of sight, without a delete marker: a version that has
     * an id stays under it, the null version goes. Refused when a reader sees nothing.
     */
    record WithdrawObject(long bucketId, String key) implements ObjectChange {}

    /**
     * Erases what is in history of a key, so many rows at a time: what S3 shows no longer. From now
     * on the past reads as if the key had not been there then, in snapshots too; blobs to which
     * nothing else refers are released. Versions that are shown are left alone. Holds for a bucket
     * that was removed as well.
     */
    record EraseHistory(long bucketId, String key) implements ObjectChange {}
}
