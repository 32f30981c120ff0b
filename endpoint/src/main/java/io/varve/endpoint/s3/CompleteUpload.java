package io.varve.endpoint.s3;

import io.varve.endpoint.s3.CompleteRequest.NamedPart;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.UploadChange.PartRef;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Refusal;
import io.varve.projections.namespace.Upload;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes an object of the parts of an upload. What is checked here is checked for the sake of S3's
 * detailed errors and of the checksums; whether the parts are the named ones decides the record.
 * Safe for use by many threads.
 */
final class CompleteUpload {
    static final long MIN_PART_BYTES = 5L * 1024 * 1024;

    private final ObjectStore store;
    private final Resources resources;

    CompleteUpload(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse handle(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        long uploadId = MultipartUploads.uploadId(call);
        Precondition condition = WriteConditions.of(call, store, bucket);
        CompleteRequest request =
                CompleteRequest.parse(
                        RequestDocument.read(call, ChecksumClaim.NONE, RequestDocument.MAX_BYTES));
        String etag = compositeEtag(request);
        Optional<Upload> open = store.view().upload(bucket.id(), call.key(), uploadId);
        if (open.isEmpty()) {
            return completedBefore(call, bucket, uploadId, etag);
        }
        List<Part> parts = parts(call, open.get(), request);
        requireSizes(call, parts);
        List<Checksum> checksums = checksums(call, open.get(), parts);
        Outcome outcome =
                store.change(
                        call.caller(),
                        new UploadChange.CompleteUpload(
                                bucket.id(),
                                call.key(),
                                uploadId,
                                refs(request),
                                etag,
                                checksums,
                                MIN_PART_BYTES,
                                condition));
        if (outcome instanceof Outcome.Refused(Refusal reason)
                && reason == Refusal.NO_SUCH_UPLOAD) {
            return completedBefore(call, bucket, uploadId, etag);
        }
        ObjectVersion version =
                WriteConditions.expect(
                                Outcome.ObjectPut.class, outcome, call, store, bucket, condition)
                        .version();
        return answer(call, bucket, version);
    }

    /** The tag that the named parts make; a tag that is not an MD5 names no part. */
    private static String compositeEtag(CompleteRequest request) {
        try {
            return ETags.composite(request.parts().stream().map(NamedPart::etag).toList());
        } catch (IllegalArgumentException e) {
            throw S3Error.INVALID_PART.refusal();
        }
    }

    /** A client that has lost the answer asks again, and is told what it would have been told. */
    private HttpResponse completedBefore(S3Call call, Bucket bucket, long uploadId, String etag) {
        ObjectVersion version =
                store.view()
                        .completed(bucket.id(), call.key(), uploadId)
                        .filter(completed -> completed.etag().equals(etag))
                        .orElseThrow(
                                () ->
                                        Resources.noSuchUpload(
                                                call.query().firstOrEmpty("uploadId")));
        return answer(call, bucket, version);
    }

    private List<Part> parts(S3Call call, Upload upload, CompleteRequest request) {
        Map<Integer, Part> stored = new HashMap<>();
        for (Part part : store.view().uploadParts(upload, 0, PartNumbers.MAX)) {
            stored.put(part.partNumber(), part);
        }
        List<Part> parts = new ArrayList<>(request.parts().size());
        for (NamedPart named : request.parts()) {
            Part part = stored.get(named.number());
            if (part == null || !part.etag().equalsIgnoreCase(named.etag())) {
                throw invalidPart(call, named);
            }
            named.checksums()
                    .forEach(
                            (algorithm, value) -> {
                                Optional<String> kept = WholeChecksum.ofPart(part, algorithm);
                                if (kept.isPresent() && !kept.get().equals(value)) {
                                    throw invalidPart(call, named);
                                }
                            });
            parts.add(part);
        }
        return parts;
    }

    private static S3Refusal invalidPart(S3Call call, NamedPart named) {
        return S3Error.INVALID_PART
                .refusal()
                .with("UploadId", call.query().firstOrEmpty("uploadId"))
                .with("PartNumber", named.number())
                .with("ETag", named.etag());
    }

    private static void requireSizes(S3Call call, List<Part> parts) {
        long sizeBytes = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            sizeBytes += part.sizeBytes();
            if (i < parts.size() - 1 && part.sizeBytes() < MIN_PART_BYTES) {
                throw S3Error.ENTITY_TOO_SMALL
                        .refusal()
                        .with("ProposedSize", part.sizeBytes())
                        .with("MinSizeAllowed", MIN_PART_BYTES)
                        .with("PartNumber", part.partNumber())
                        .with("ETag", part.etag());
            }
        }
        String announced = call.header("x-amz-mp-object-size");
        if (announced != null && !announced.equals(Long.toString(sizeBytes))) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The provided 'x-amz-mp-object-size' header value "
                            + announced
                            + " does not match what was computed: "
                            + sizeBytes);
        }
    }

    private static List<Checksum> checksums(S3Call call, Upload upload, List<Part> parts) {
        ChecksumAlgorithm algorithm = upload.algorithm();
        ChecksumType type = upload.checksumType();
        if (algorithm == null || type == null) {
            return List.of();
        }
        String announcedType = call.header("x-amz-checksum-type");
        if (announcedType != null && ChecksumNames.type(announcedType) != type) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The upload was created using the "
                            + type
                            + " checksum mode. The complete request must use the same checksum"
                            + " mode.");
        }
        Optional<Checksum> whole = WholeChecksum.of(algorithm, type, parts);
        if (whole.isEmpty()) {
            return List.of();
        }
        String announced = call.header(ChecksumNames.header(algorithm));
        if (announced != null && !announced.equals(whole.get().value())) {
            throw S3Error.BAD_DIGEST.refusal(
                    "The "
                            + algorithm.name().toLowerCase(Locale.ROOT)
                            + " you specified did not match the calculated checksum.");
        }
        return List.of(whole.get());
    }

    private static List<PartRef> refs(CompleteRequest request) {
        return request.parts().stream()
                .map(part -> new PartRef(part.number(), part.etag()))
                .toList();
    }

    private static HttpResponse answer(S3Call call, Bucket bucket, ObjectVersion version) {
        String scheme = call.request().http().secure() ? "https://" : "http://";
        XmlWriter xml =
                XmlWriter.document("CompleteMultipartUploadResult")
                        .element(
                                "Location",
                                scheme
                                        + call.request().http().host()
                                        + call.request().http().rawPath())
                        .element("Bucket", bucket.name())
                        .element("Key", call.key())
                        .element("ETag", ETags.quoted(version.etag()));
        ObjectHeaders.addChecksumElements(xml, version.checksums());
        if (!version.checksums().isEmpty()) {
            xml.element("ChecksumType", version.checksums().getFirst().type().name());
        }
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        ObjectHeaders.addVersion(out, bucket, version);
        return out.body(xml.finish());
    }
}
