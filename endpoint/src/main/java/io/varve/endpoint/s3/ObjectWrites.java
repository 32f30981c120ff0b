package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import java.io.IOException;

/** PUT and DELETE of one object. Safe for use by many threads. */
final class ObjectWrites {
    /** What S3 takes in one piece. */
    static final long MAX_SINGLE_PUT_BYTES = 5L * 1024 * 1024 * 1024;

    private final ObjectStore store;
    private final Resources resources;

    ObjectWrites(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse put(S3Call call) throws IOException {
        if (call.query().has("partNumber")) {
            throw S3Refusal.invalidArgument(
                    "A part number was given without an upload id",
                    "partNumber",
                    call.query().firstOrEmpty("partNumber"));
        }
        Bucket bucket = resources.bucket(call);
        ObjectHeaders.requireImplemented(call);
        Precondition condition = WriteConditions.of(call, store, bucket);
        PutCommand command =
                new PutCommand(
                        bucket.id(),
                        call.key(),
                        ObjectHeaders.attributes(call)
                                .withSettings(resources.requestedSettings(call, bucket)),
                        condition);
        PayloadBody body =
                PayloadBody.of(call, ChecksumClaim.of(call.request()), MAX_SINGLE_PUT_BYTES);
        Outcome outcome = store.put(call.caller(), command, body);
        ObjectVersion version =
                WriteConditions.expect(
                                Outcome.ObjectPut.class, outcome, call, store, bucket, condition)
                        .version();
        HttpResponse.Builder out = call.respond(200).header("ETag", ETags.quoted(version.etag()));
        ObjectHeaders.addVersion(out, bucket, version);
        ObjectHeaders.addChecksums(out, version.checksums());
        return out.build();
    }

    HttpResponse delete(S3Call call) {
        Bucket bucket = resources.bucket(call);
        VersionId version = Resources.requestedVersion(call);
        if (call.header("x-amz-if-match-last-modified-time") != null
                || call.header("x-amz-if-match-size") != null) {
            throw S3Refusal.notImplementedHeader("x-amz-if-match-*");
        }
        String ifMatch = call.header("if-match");
        Precondition condition =
                ifMatch == null
                        ? Precondition.NONE
                        : WriteConditions.ifMatch(ifMatch, store, bucket.id(), call.key());
        Outcome outcome =
                store.change(
                        call.caller(),
                        new ObjectChange.DeleteObject(bucket.id(), call.key(), version, condition));
        HttpResponse.Builder out = call.respond(204);
        Outcome.ObjectDeleted deleted =
                WriteConditions.expect(
                        Outcome.ObjectDeleted.class, outcome, call, store, bucket, condition);
        VersionId shown = deleted.versionId();
        if (shown != null && (version != null || Resources.showsVersions(bucket))) {
            out.header("x-amz-version-id", WireIds.ofVersion(shown));
        }
        if (deleted.deleteMarker()) {
            out.header("x-amz-delete-marker", "true");
        }
        return out.build();
    }
}
