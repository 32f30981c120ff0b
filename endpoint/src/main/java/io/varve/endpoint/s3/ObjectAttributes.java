package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Part;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code GetObjectAttributes}. Safe for use by many threads. */
final class ObjectAttributes {
    private static final Set<String> KNOWN =
            Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");

    private final ObjectStore store;
    private final Resources resources;

    ObjectAttributes(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse handle(S3Call call) {
        Bucket bucket = resources.bucket(call);
        Set<String> wanted = wanted(call);
        int limit = headerNumber(call, "x-amz-max-parts", Paging.MAX_PAGE);
        int marker = headerNumber(call, "x-amz-part-number-marker", 0);
        ShownObject object = resources.shown(call, bucket, resources.readable(call, bucket));
        XmlWriter xml = XmlWriter.document("GetObjectAttributesResponse");
        if (wanted.contains("ETag")) {
            xml.element("ETag", object.etag());
        }
        if (wanted.contains("Checksum") && !object.checksums().isEmpty()) {
            xml.start("Checksum");
            ObjectHeaders.addChecksumElements(xml, object.checksums());
            xml.element("ChecksumType", object.checksums().getFirst().type().name()).end();
        }
        if (wanted.contains("ObjectParts") && object.partCount() > 0) {
            addParts(xml, object, Math.min(limit, Paging.MAX_PAGE), marker);
        }
        if (wanted.contains("StorageClass")) {
            xml.element("StorageClass", ObjectHeaders.storageClass(object.version().attributes()));
        }
        if (wanted.contains("ObjectSize")) {
            xml.element("ObjectSize", object.sizeBytes());
        }
        HttpResponse.Builder out =
                call.respond(200)
                        .header("Content-Type", "application/xml")
                        .header("Last-Modified", Timestamps.http(object.modifiedMicros()));
        ObjectHeaders.addVersion(out, bucket, object.named());
        return out.body(xml.finish());
    }

    private static Set<String> wanted(S3Call call) {
        String header = call.request().headerOrEmpty("x-amz-object-attributes");
        Set<String> wanted =
                Arrays.stream(header.split(",", -1))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet());
        if (wanted.isEmpty()) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The x-amz-object-attributes header specifying the attributes to be retrieved"
                            + " is either missing or empty");
        }
        if (!KNOWN.containsAll(wanted)) {
            throw S3Refusal.invalidArgument(
                    "Invalid attribute name specified.", "x-amz-object-attributes", header);
        }
        return wanted;
    }

    private static int headerNumber(S3Call call, String header, int absent) {
        String value = call.header(header);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a negative one.
        }
        throw S3Refusal.invalidArgument(
                "Argument " + header + " must be an integer between 0 and 2147483647",
                header,
                value);
    }

    /** Without checksums of the parts S3 says only how many there are. */
    private void addParts(XmlWriter xml, ShownObject object, int limit, int marker) {
        xml.start("ObjectParts");
        if (!object.checksums().isEmpty()) {
            List<Part> after =
                    store.view().parts(object.version()).stream()
                            .filter(part -> part.partNumber() > marker)
                            .toList();
            List<Part> page = after.subList(0, Math.min(limit, after.size()));
            xml.element("IsTruncated", page.size() < after.size())
                    .element("MaxParts", limit)
                    .element(
                            "NextPartNumberMarker",
                            page.isEmpty() ? 0 : page.getLast().partNumber())
                    .element("PartNumberMarker", marker);
            for (Part part : page) {
                xml.start("Part")
                        .element("PartNumber", part.partNumber())
                        .element("Size", part.sizeBytes());
                ObjectHeaders.addChecksumElements(xml, part.checksums());
                xml.end();
            }
        }
        xml.element("PartsCount", object.partCount()).end();
    }
}
