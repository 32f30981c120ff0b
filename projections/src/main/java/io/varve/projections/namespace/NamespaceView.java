package io.varve.projections.namespace;

import io.varve.journal.record.Manifest;
import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Questions to the namespace. Safe for use by many threads; each call sees one state, at or after
 * every change that was answered before the call began.
 */
public interface NamespaceView {

    /** The position of the last record this view has applied. */
    long appliedPosition();

    /**
     * The moment of a time: after the last record that is no later. A time that has not come yet
     * has a moment too, to which more records may come; whoever knows the time refuses it.
     */
    default Moment momentAt(long micros) {
        throw new UnsupportedOperationException("no past is kept here");
    }

    /**
     * The moment just after a record.
     *
     * @throws MomentException when there is no such record yet, or its time is forgotten
     */
    default Moment momentOf(long position) {
        throw new UnsupportedOperationException("no past is kept here");
    }

    /**
     * The namespace as it was at a moment: the buckets there were, with the settings and rights
     * that they have now or had in the end; what a reader found then, so without what had expired;
     * no uploads. Each of its answers may be a {@link MomentException}, since the window closes.
     */
    default NamespaceView at(Moment moment) {
        throw new UnsupportedOperationException("no past is kept here");
    }

    /** The moments of a bucket that have names, by name. */
    default List<Snapshot> snapshots(long bucketId) {
        return List.of();
    }

    default Optional<Snapshot> snapshot(long bucketId, String name) {
        return Optional.empty();
    }

    /**
     * As {@link #at(Moment)}, to be asked about the snapshot's bucket alone: of it the moment can
     * be read for as long as there is a snapshot of it, whether or not the window is open over it.
     */
    default NamespaceView at(Snapshot snapshot) {
        throw new UnsupportedOperationException("no past is kept here");
    }

    /**
     * What differs between two moments, for as long as the window is open over both, or a snapshot
     * of the bucket holds them; asked of the view of any moment.
     */
    default DiffPage diff(DiffQuery query) {
        throw new UnsupportedOperationException("no past is kept here");
    }

    /** By the name under which the site stores it ({@link Bucket#storedName}). */
    Optional<Bucket> bucket(String storedName);

    Optional<Bucket> bucket(long bucketId);

    /**
     * Buckets by name; those of all accounts by the name under which they are stored.
     *
     * @param owner only this account's; null for all
     * @param after only names after this one (exclusive); null from the start
     */
    List<Bucket> buckets(@Nullable String owner, String prefix, @Nullable String after, int limit);

    /**
     * As {@link #buckets}, from the last name to the first.
     *
     * @param before only names before this one (exclusive); null from the end
     */
    List<Bucket> bucketsBack(
            @Nullable String owner, String prefix, @Nullable String before, int limit);

    /** Settings and counts of an account, kept in memory. Any name has an account. */
    Account account(String name);

    /** What a plain read of the key finds: its newest version, which may be a delete marker. */
    Optional<ObjectVersion> latest(long bucketId, String key);

    Optional<ObjectVersion> version(long bucketId, String key, VersionId version);

    ListPage list(ListQuery query);

    /**
     * As {@link #list}, from the last key to the first: the query's {@code after} is what the page
     * comes before.
     */
    ListPage listBack(ListQuery query);

    VersionListPage listVersions(VersionListQuery query);

    /**
     * The manifest of a version in whole. For an object of many parts use {@link #part} instead
     * where only a range is wanted.
     *
     * @return empty when the version's history has been forgotten meanwhile
     */
    Optional<Manifest> manifest(ObjectVersion version);

    /**
     * The parts of an object that was made of parts, in order; empty for one that was put in one
     * piece.
     */
    List<Part> parts(ObjectVersion version);

    /** The manifest of one part of an object that was made of parts. */
    Optional<Manifest> part(ObjectVersion version, int partNumber);

    Optional<Upload> upload(long bucketId, String key, long uploadId);

    /** Parts of an open upload with a number above the given one, in order. */
    List<Part> uploadParts(Upload upload, int afterPartNumber, int limit);

    UploadListPage uploads(UploadListQuery query);

    /**
     * The version that completing this upload made, while it is in the window: a client may repeat
     * its completion.
     */
    Optional<ObjectVersion> completed(long bucketId, String key, long uploadId);

    /**
     * When the oldest entry of history ended (record time, microseconds): the moment that {@code
     * CloseWindow} must lie after to forget anything. Empty when there is no history. Cheap: asked
     * again and again.
     */
    OptionalLong oldestHistoryMicros();

    /**
     * Blobs released by records up to a position, oldest first, that the devices still have to
     * drop.
     */
    List<ReleasedBlobs> released(long throughPosition, int limit);

    /**
     * Begins a walk over all blobs that the namespace knows of, as of one position at or after
     * every change that was answered before the call.
     */
    default BlobReferences references() {
        throw new UnsupportedOperationException("only the present refers to blobs");
    }

    /** Versions that expire at or before a time, the earliest first. */
    List<ExpiringVersion> expired(long throughSeconds, int limit);

    /**
     * @param position of the record that made the version
     */
    record ExpiringVersion(long expiresSeconds, long bucketId, String key, long position) {}

    /**
     * @param position of the record that released them
     */
    record ReleasedBlobs(long position, Manifest manifest) {}
}
