package io.varve.projections.namespace;

import io.varve.journal.record.VersionId;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.topology.TopologyRefusal;

import org.jspecify.annotations.Nullable;

/** What a record came to: a pure function of the records before it. */
public sealed interface Outcome {

    /** Applied, with nothing more to tell. */
    record Applied() implements Outcome {}

    record BucketCreated(long bucketId) implements Outcome {}

    /**
     * A version was put (put, copy, or a completed upload).
     *
     * @param versionId what S3 shows; {@code null} version when the bucket's versioning was not
     *     enabled
     */
    record ObjectPut(ObjectVersion version, VersionId versionId) implements Outcome {}

    /**
     * A delete was carried out (also when there was nothing to delete, as in S3).
     *
     * <p>Also when one version was removed because it had expired.
     *
     * @param versionId the version removed, or the delete marker placed; null when versioning is
     *     off
     * @param deleteMarker whether a delete marker was placed, or was what was removed
     */
    record ObjectDeleted(@Nullable VersionId versionId, boolean deleteMarker) implements Outcome {}

    /** A version has other attributes. */
    record AttributesSet(ObjectVersion version) implements Outcome {}

    record UploadStarted(long uploadId) implements Outcome {}

    record PartPut(Part part) implements Outcome {}

    /**
     * The window was closed, or history erased, as far as the record's limit allowed.
     *
     * @param moreDue whether more history is due before the same moment, or of the same key
     */
    record WindowClosed(int forgotten, boolean moreDue) implements Outcome {}

    /** Not applied; the state is as it was before. */
    record Refused(Refusal reason) implements Outcome {}

    /** An identity change that was not applied; the state is as it was before. */
    record IdentityRefused(IdentityRefusal reason) implements Outcome {}

    /** A topology change that was not applied; the state is as it was before. */
    record TopologyRefused(TopologyRefusal reason) implements Outcome {}
}
