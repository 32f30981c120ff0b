package io.varve.endpoint.s3;

import io.varve.endpoint.s3.ObjectListings.Names;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Part;
import io.varve.projections.namespace.Upload;
import io.varve.projections.namespace.UploadListPage;
import io.varve.projections.namespace.UploadListQuery;

import java.util.List;

/** {@code ListMultipartUploads} and {@code ListParts}. Safe for use by many threads. */
final class MultipartListings {
    private final ObjectStore store;
    private final Resources resources;
    private final MultipartUploads uploads;

    MultipartListings(ObjectStore store, Resources resources, MultipartUploads uploads) {
        this.store = store;
        this.resources = resources;
        this.uploads = uploads;
    }

    HttpResponse listUploads(S3Call call) {
        Bucket bucket = resources.bucket(call);
        int limit = Paging.limit(call, "max-uploads");
        Names names = new Names(Paging.urlEncoding(call));
        String prefix = call.query().firstOrEmpty("prefix");
        String delimiter = call.query().firstOrEmpty("delimiter");
        String keyMarker = call.query().firstOrEmpty("key-marker");
        String uploadMarker = call.query().firstOrEmpty("upload-id-marker");
        UploadListPage page =
                store.view()
                        .uploads(
                                new UploadListQuery(
                                        bucket.id(),
                                        prefix,
                                        delimiter,
                                        keyMarker.isEmpty() ? null : keyMarker,
                                        uploadMarker(keyMarker, uploadMarker),
                                        limit));
        XmlWriter xml = XmlWriter.document("ListMultipartUploadsResult");
        xml.element("Bucket", bucket.name())
                .element("KeyMarker", names.shown(keyMarker))
                .element("UploadIdMarker", uploadMarker);
        String nextKey = page.nextKey();
        if (nextKey != null) {
            xml.element("NextKeyMarker", names.shown(nextKey));
            xml.element(
                    "NextUploadIdMarker",
                    page.nextUpload() == 0 ? "" : WireIds.ofUpload(page.nextUpload()));
        }
        xml.element("Prefix", names.shown(prefix));
        ObjectListings.addDelimiter(xml, names, delimiter);
        xml.element("MaxUploads", limit).element("IsTruncated", nextKey != null);
        for (Upload upload : page.uploads()) {
            xml.start("Upload")
                    .element("Key", names.shown(upload.key()))
                    .element("UploadId", WireIds.ofUpload(upload.id()));
            addParties(xml, call, bucket, upload);
            xml.element("StorageClass", ObjectHeaders.storageClass(upload.attributes()))
                    .element("Initiated", Timestamps.iso(upload.startedMicros()));
            addChecksum(xml, upload);
            xml.end();
        }
        ObjectListings.addCommonPrefixes(xml, names, page.commonPrefixes());
        return call.document(xml);
    }

    /** An upload marker without a key marker says nothing. */
    private static long uploadMarker(String keyMarker, String uploadMarker) {
        if (keyMarker.isEmpty() || uploadMarker.isEmpty()) {
            return 0;
        }
        return WireIds.upload(uploadMarker)
                .orElseThrow(
                        () ->
                                S3Refusal.invalidArgument(
                                        "Invalid uploadId marker",
                                        "upload-id-marker",
                                        uploadMarker));
    }

    private static void addParties(XmlWriter xml, S3Call call, Bucket bucket, Upload upload) {
        String initiator = upload.principal();
        BucketOperations.owner(xml, "Initiator", new S3Call.Party(initiator, initiator));
        BucketOperations.owner(xml, "Owner", call.party(bucket.owner()));
    }

    private static void addChecksum(XmlWriter xml, Upload upload) {
        ChecksumAlgorithm algorithm = upload.algorithm();
        ChecksumType type = upload.checksumType();
        if (algorithm != null && type != null) {
            xml.element("ChecksumAlgorithm", algorithm.name()).element("ChecksumType", type.name());
        }
    }

    HttpResponse listParts(S3Call call) {
        Bucket bucket = resources.bucket(call);
        int limit = Paging.limit(call, "max-parts");
        int marker = marker(call);
        Upload upload = uploads.upload(call, bucket);
        List<Part> found = store.view().uploadParts(upload, marker, limit + 1);
        boolean more = limit > 0 && found.size() > limit;
        List<Part> page = found.subList(0, Math.min(limit, found.size()));
        Names names = new Names(Paging.urlEncoding(call));
        XmlWriter xml = XmlWriter.document("ListPartsResult");
        xml.element("Bucket", bucket.name())
                .element("Key", names.shown(upload.key()))
                .element("UploadId", WireIds.ofUpload(upload.id()));
        addParties(xml, call, bucket, upload);
        xml.element("StorageClass", ObjectHeaders.storageClass(upload.attributes()))
                .element("PartNumberMarker", marker);
        if (!page.isEmpty()) {
            xml.element("NextPartNumberMarker", page.getLast().partNumber());
        }
        xml.element("MaxParts", limit).element("IsTruncated", more);
        if (names.urlEncoded()) {
            xml.element("EncodingType", "url");
        }
        addChecksum(xml, upload);
        for (Part part : page) {
            xml.start("Part")
                    .element("PartNumber", part.partNumber())
                    .element("LastModified", Timestamps.iso(part.modifiedMicros()))
                    .element("ETag", ETags.quoted(part.etag()))
                    .element("Size", part.sizeBytes());
            ObjectHeaders.addChecksumElements(xml, part.checksums());
            xml.end();
        }
        return call.document(xml);
    }

    private static int marker(S3Call call) {
        String marker = call.query().firstOrEmpty("part-number-marker");
        if (marker.isEmpty()) {
            return 0;
        }
        try {
            int number = Integer.parseInt(marker);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a negative one.
        }
        throw S3Refusal.invalidArgument(
                "Argument part-number-marker must be an integer between 0 and 2147483647",
                "part-number-marker",
                marker);
    }
}
