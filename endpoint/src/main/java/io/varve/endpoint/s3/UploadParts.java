package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ContentRange;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.ObjectStore.PartCommand;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Upload;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Locale;

/** Puts the parts of an upload, from a body or from an object. Safe for use by many threads. */
final class UploadParts {
    private final ObjectStore store;
    private final Resources resources;
    private final MultipartUploads uploads;
    private final ObjectCopies copies;

    UploadParts(
            ObjectStore store, Resources resources, MultipartUploads uploads, ObjectCopies copies) {
        this.store = store;
        this.resources = resources;
        this.uploads = uploads;
        this.copies = copies;
    }

    HttpResponse put(S3Call call) throws IOException {
        int partNumber = PartNumbers.parse(call.query().firstOrEmpty("partNumber"));
        Bucket bucket = resources.bucket(call);
        Upload upload = uploads.upload(call, bucket);
        ChecksumClaim claim = claim(call, upload.algorithm());
        PayloadBody body = PayloadBody.of(call, claim, ObjectWrites.MAX_SINGLE_PUT_BYTES);
        Part part = put(call, upload, partNumber, body);
        HttpResponse.Builder out = call.respond(200).header("ETag", ETags.quoted(part.etag()));
        for (Checksum checksum : part.checksums()) {
            out.header(ChecksumNames.header(checksum.algorithm()), checksum.value());
        }
        return out.build();
    }

    private Part put(S3Call call, Upload upload, int partNumber, ObjectBody body)
            throws IOException {
        PartCommand command =
                new PartCommand(upload.bucketId(), upload.key(), upload.id(), partNumber);
        Outcome outcome = store.putPart(call.caller(), command, body);
        return Outcomes.expect(Outcome.PartPut.class, outcome, call).part();
    }

    /** What the client claims; where it claims nothing, what the upload needs is computed. */
    private static ChecksumClaim claim(S3Call call, @Nullable ChecksumAlgorithm algorithm) {
        ChecksumClaim claim = ChecksumClaim.of(call.request());
        if (algorithm == null || claim.algorithm() == algorithm) {
            return claim;
        }
        if (claim.algorithm() == null) {
            return ChecksumClaim.computed(algorithm);
        }
        throw S3Error.INVALID_REQUEST.refusal(
                "Checksum Type mismatch occurred, expected checksum Type: "
                        + algorithm.name().toLowerCase(Locale.ROOT)
                        + ", actual checksum Type: "
                        + claim.algorithm().name().toLowerCase(Locale.ROOT));
    }

    HttpResponse copy(S3Call call) throws IOException {
        int partNumber = PartNumbers.parse(call.query().firstOrEmpty("partNumber"));
        Bucket bucket = resources.bucket(call);
        Upload upload = uploads.upload(call, bucket);
        CopySource source = CopySource.parse(call.request().headerOrEmpty("x-amz-copy-source"));
        ObjectCopies.Found found = copies.find(call, source);
        long sizeBytes = found.shown().sizeBytes();
        String header = call.header("x-amz-copy-source-range");
        ByteRange range =
                header == null
                        ? new ByteRange(0, sizeBytes)
                        : ByteRange.ofCopySource(header, sizeBytes);
        ObjectCopies.requireCopied(range.lengthBytes());
        Part part =
                put(
                        call,
                        upload,
                        partNumber,
                        ChecksummedBody.of(
                                new ContentRange(
                                        found.shown().whole(), range.offset(), range.lengthBytes()),
                                upload.algorithm()));
        XmlWriter xml =
                XmlWriter.document("CopyPartResult")
                        .element("LastModified", Timestamps.iso(part.modifiedMicros()))
                        .element("ETag", ETags.quoted(part.etag()));
        ObjectHeaders.addChecksumElements(xml, part.checksums());
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/xml");
        ObjectCopies.addSourceVersion(out, found);
        return out.body(xml.finish());
    }
}
