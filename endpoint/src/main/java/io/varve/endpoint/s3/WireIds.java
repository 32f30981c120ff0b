package io.varve.endpoint.s3;

import io.varve.endpoint.store.OpaqueIds;
import io.varve.journal.record.VersionId;

import java.util.OptionalLong;

/** The site's opaque ids in S3's requests and answers. */
final class WireIds {
    private WireIds() {}

    static String ofVersion(VersionId version) {
        return OpaqueIds.ofVersion(version);
    }

    static String ofUpload(long uploadId) {
        return OpaqueIds.ofUpload(uploadId);
    }

    /** The version a client names; {@code InvalidArgument} when it is none that we gave out. */
    static VersionId version(String wireId) {
        return OpaqueIds.version(wireId)
                .orElseThrow(
                        () ->
                                S3Refusal.invalidArgument(
                                        "Invalid version id specified", "versionId", wireId));
    }

    /** The upload a client names; empty when it is none that we gave out. */
    static OptionalLong upload(String wireId) {
        return OpaqueIds.upload(wireId);
    }
}
