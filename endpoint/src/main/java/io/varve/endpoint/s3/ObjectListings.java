package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.Checksum;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ListPage;
import io.varve.projections.namespace.ListQuery;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** {@code ListObjects} in both versions. Safe for use by many threads. */
final class ObjectListings {
    private final ObjectStore store;
    private final Resources resources;

    ObjectListings(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse listV1(S3Call call) {
        Bucket bucket = resources.bucket(call);
        int limit = Paging.limit(call, "max-keys");
        Names names = new Names(Paging.urlEncoding(call));
        String delimiter = call.query().firstOrEmpty("delimiter");
        String marker = call.query().firstOrEmpty("marker");
        ListPage page = page(call, bucket, marker.isEmpty() ? null : marker, limit);
        XmlWriter xml = XmlWriter.document("ListBucketResult");
        xml.element("Name", call.shownName(bucket))
                .element("Prefix", names.shown(call.query().firstOrEmpty("prefix")))
                .element("Marker", names.shown(marker));
        String next = page.next();
        // Without a delimiter a client goes on from the last key it was given.
        if (next != null && !delimiter.isEmpty()) {
            xml.element("NextMarker", names.shown(next));
        }
        xml.element("MaxKeys", limit);
        addDelimiter(xml, names, delimiter);
        xml.element("IsTruncated", page.truncated());
        addContents(xml, names, page.objects(), call.party(bucket.owner()));
        addCommonPrefixes(xml, names, page.commonPrefixes());
        return call.document(xml);
    }

    HttpResponse listV2(S3Call call) {
        if (!call.query().firstOrEmpty("list-type").equals("2")) {
            throw S3Refusal.invalidArgument(
                    "Invalid List Type specified in Request",
                    "list-type",
                    call.query().firstOrEmpty("list-type"));
        }
        Bucket bucket = resources.bucket(call);
        int limit = Paging.limit(call, "max-keys");
        Names names = new Names(Paging.urlEncoding(call));
        String token = call.query().first("continuation-token");
        if (token != null && token.isEmpty()) {
            throw S3Refusal.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", "");
        }
        String startAfter = Paging.nonEmpty(call, "start-after");
        ListPage page =
                page(call, bucket, token == null ? startAfter : Paging.afterOf(token), limit);
        XmlWriter xml = XmlWriter.document("ListBucketResult");
        xml.element("Name", call.shownName(bucket))
                .element("Prefix", names.shown(call.query().firstOrEmpty("prefix")));
        if (token != null) {
            xml.element("ContinuationToken", token);
        }
        String next = page.next();
        if (next != null) {
            xml.element("NextContinuationToken", Paging.token(next));
        }
        if (startAfter != null) {
            xml.element("StartAfter", names.shown(startAfter));
        }
        xml.element("KeyCount", page.objects().size() + page.commonPrefixes().size())
                .element("MaxKeys", limit);
        addDelimiter(xml, names, call.query().firstOrEmpty("delimiter"));
        xml.element("IsTruncated", page.truncated());
        boolean owners = call.query().firstOrEmpty("fetch-owner").equals("true");
        addContents(xml, names, page.objects(), owners ? call.party(bucket.owner()) : null);
        addCommonPrefixes(xml, names, page.commonPrefixes());
        return call.document(xml);
    }

    private ListPage page(S3Call call, Bucket bucket, @Nullable String after, int limit) {
        return store.view()
                .list(
                        new ListQuery(
                                bucket.id(),
                                call.query().firstOrEmpty("prefix"),
                                call.query().firstOrEmpty("delimiter"),
                                after,
                                limit));
    }

    /** Names in an answer, escaped when the client asked for it. */
    record Names(boolean urlEncoded) {
        String shown(String name) {
            return urlEncoded ? UriCodec.encode(name, true) : name;
        }
    }

    static void addDelimiter(XmlWriter xml, Names names, String delimiter) {
        if (!delimiter.isEmpty()) {
            xml.element("Delimiter", names.shown(delimiter));
        }
        if (names.urlEncoded()) {
            xml.element("EncodingType", "url");
        }
    }

    private static void addContents(
            XmlWriter xml, Names names, List<ObjectVersion> objects, S3Call.@Nullable Party owner) {
        for (ObjectVersion object : objects) {
            xml.start("Contents")
                    .element("Key", names.shown(object.key()))
                    .element("LastModified", Timestamps.iso(object.createdMicros()))
                    .element("ETag", ETags.quoted(ShownObject.listedEtag(object)));
            addChecksumNames(xml, object.checksums());
            xml.element("Size", ShownObject.listedSizeBytes(object));
            if (owner != null) {
                BucketOperations.owner(xml, "Owner", owner);
            }
            xml.element("StorageClass", ObjectHeaders.storageClass(object.attributes())).end();
        }
    }

    static void addChecksumNames(XmlWriter xml, List<Checksum> checksums) {
        for (Checksum checksum : checksums) {
            xml.element("ChecksumAlgorithm", checksum.algorithm().name());
            xml.element("ChecksumType", checksum.type().name());
        }
    }

    static void addCommonPrefixes(XmlWriter xml, Names names, List<String> prefixes) {
        for (String prefix : prefixes) {
            xml.start("CommonPrefixes").element("Prefix", names.shown(prefix)).end();
        }
    }
}
