package io.varve.endpoint.s3;

import io.varve.journal.record.VersionId;

import org.jspecify.annotations.Nullable;

/**
 * What {@code x-amz-copy-source} names: {@code bucket/key} or {@code /bucket/key}, escaped or not,
 * with {@code ?versionId=} behind it or without.
 */
record CopySource(String bucket, String key, @Nullable VersionId version) {
    private static final String HEADER = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";

    static CopySource parse(String header) {
        int question = header.lastIndexOf(VERSION);
        String path = question < 0 ? header : header.substring(0, question);
        VersionId version = null;
        if (question >= 0) {
            String wireId = UriCodec.decodePath(header.substring(question + VERSION.length()));
            if (wireId.isEmpty()) {
                throw S3Refusal.invalidArgument(
                        "Version id cannot be the empty string", HEADER, header);
            }
            version = WireIds.version(wireId);
        }
        String decoded = decoded(path);
        if (decoded.startsWith("/")) {
            decoded = decoded.substring(1);
        }
        int slash = decoded.indexOf('/');
        if (slash <= 0 || slash == decoded.length() - 1) {
            throw S3Refusal.invalidArgument(
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                    HEADER,
                    header);
        }
        return new CopySource(
                decoded.substring(0, slash),
                RequestAddress.checkedKey(decoded.substring(slash + 1)),
                version);
    }

    /** What cannot be an escaped name has been sent as it is. */
    private static String decoded(String path) {
        try {
            return UriCodec.decodePath(path);
        } catch (S3Refusal refusal) {
            return path;
        }
    }
}
