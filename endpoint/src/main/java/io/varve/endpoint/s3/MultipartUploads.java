package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Upload;

import org.jspecify.annotations.Nullable;

import java.util.OptionalLong;

/** Starts, finds and aborts multipart uploads. Safe for use by many threads. */
final class MultipartUploads {
    private final ObjectStore store;
    private final Resources resources;

    MultipartUploads(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    /** The position that an upload id stands for; {@code NoSuchUpload} when it is none of ours. */
    static long uploadId(S3Call call) {
        String wireId = call.query().firstOrEmpty("uploadId");
        OptionalLong id = WireIds.upload(wireId);
        return id.orElseThrow(() -> Resources.noSuchUpload(wireId));
    }

    /** The open upload of the request. */
    Upload upload(S3Call call, Bucket bucket) {
        return store.view()
                .upload(bucket.id(), call.key(), uploadId(call))
                .orElseThrow(() -> Resources.noSuchUpload(call.query().firstOrEmpty("uploadId")));
    }

    HttpResponse create(S3Call call) {
        Bucket bucket = resources.bucket(call);
        ObjectHeaders.requireImplemented(call);
        ChecksumAlgorithm algorithm = algorithm(call);
        ChecksumType type = type(call, algorithm);
        Outcome outcome =
                store.change(
                        call.caller(),
                        new UploadChange.StartUpload(
                                bucket.id(),
                                call.key(),
                                ObjectHeaders.attributes(call)
                                        .withSettings(resources.requestedSettings(call, bucket)),
                                algorithm,
                                type));
        long uploadId = Outcomes.expect(Outcome.UploadStarted.class, outcome, call).uploadId();
        XmlWriter xml =
                XmlWriter.document("InitiateMultipartUploadResult")
                        .element("Bucket", bucket.name())
                        .element("Key", call.key())
                        .element("UploadId", WireIds.ofUpload(uploadId));
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        if (algorithm != null && type != null) {
            out.header("x-amz-checksum-algorithm", algorithm.name());
            out.header("x-amz-checksum-type", type.name());
        }
        return out.body(xml.finish());
    }

    private static @Nullable ChecksumAlgorithm algorithm(S3Call call) {
        String name = call.header("x-amz-checksum-algorithm");
        return name == null ? null : ChecksumNames.algorithm(name);
    }

    private static @Nullable ChecksumType type(S3Call call, @Nullable ChecksumAlgorithm algorithm) {
        String name = call.header("x-amz-checksum-type");
        if (algorithm == null) {
            if (name != null) {
                throw S3Error.INVALID_REQUEST.refusal(
                        "The x-amz-checksum-type header can only be used with the"
                                + " x-amz-checksum-algorithm header.");
            }
            return null;
        }
        ChecksumType type = name == null ? defaultType(algorithm) : ChecksumNames.type(name);
        boolean possible =
                switch (algorithm) {
                    case CRC32, CRC32C -> true;
                    case CRC64NVME -> type == ChecksumType.FULL_OBJECT;
                    case SHA1, SHA256 -> type == ChecksumType.COMPOSITE;
                };
        if (!possible) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The "
                            + type
                            + " checksum type cannot be used with the "
                            + algorithm.name().toLowerCase(java.util.Locale.ROOT)
                            + " checksum algorithm.");
        }
        return type;
    }

    private static ChecksumType defaultType(ChecksumAlgorithm algorithm) {
        return algorithm == ChecksumAlgorithm.CRC64NVME
                ? ChecksumType.FULL_OBJECT
                : ChecksumType.COMPOSITE;
    }

    HttpResponse abort(S3Call call) {
        Bucket bucket = resources.bucket(call);
        Outcome outcome =
                store.change(
                        call.caller(),
                        new UploadChange.AbortUpload(bucket.id(), call.key(), uploadId(call)));
        Outcomes.expectApplied(outcome, call);
        return call.respond(204).build();
    }
}
