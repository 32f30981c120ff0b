package io.varve.endpoint.s3;

import io.varve.endpoint.s3.ObjectListings.Names;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.VersionId;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.VersionListPage;
import io.varve.projections.namespace.VersionListPage.ListedVersion;
import io.varve.projections.namespace.VersionListQuery;

import org.jspecify.annotations.Nullable;

/** {@code ListObjectVersions}. Safe for use by many threads. */
final class VersionListings {
    private final ObjectStore store;
    private final Resources resources;

    VersionListings(ObjectStore store, Resources resources) {
        this.store = store;
        this.resources = resources;
    }

    HttpResponse list(S3Call call) {
        Bucket bucket = resources.bucket(call);
        int limit = Paging.limit(call, "max-keys");
        Names names = new Names(Paging.urlEncoding(call));
        String prefix = call.query().firstOrEmpty("prefix");
        String delimiter = call.query().firstOrEmpty("delimiter");
        String keyMarker = call.query().firstOrEmpty("key-marker");
        String versionMarker = call.query().firstOrEmpty("version-id-marker");
        VersionListPage page =
                store.view()
                        .listVersions(
                                new VersionListQuery(
                                        bucket.id(),
                                        prefix,
                                        delimiter,
                                        keyMarker.isEmpty() ? null : keyMarker,
                                        versionMarker(call, keyMarker),
                                        limit));
        XmlWriter xml = XmlWriter.document("ListVersionsResult");
        xml.element("Name", bucket.name())
                .element("Prefix", names.shown(prefix))
                .element("KeyMarker", names.shown(keyMarker))
                .element("VersionIdMarker", versionMarker);
        String nextKey = page.nextKey();
        if (nextKey != null) {
            xml.element("NextKeyMarker", names.shown(nextKey));
            VersionId nextVersion = page.nextVersion();
            if (nextVersion != null) {
                xml.element("NextVersionIdMarker", WireIds.ofVersion(nextVersion));
            }
        }
        xml.element("MaxKeys", limit);
        ObjectListings.addDelimiter(xml, names, delimiter);
        xml.element("IsTruncated", nextKey != null);
        S3Call.Party owner = call.party(bucket.owner());
        for (ListedVersion version : page.versions()) {
            add(xml, names, version, owner);
        }
        ObjectListings.addCommonPrefixes(xml, names, page.commonPrefixes());
        return call.document(xml);
    }

    private static @Nullable VersionId versionMarker(S3Call call, String keyMarker) {
        String marker = call.query().first("version-id-marker");
        if (marker == null) {
            return null;
        }
        if (marker.isEmpty()) {
            throw S3Refusal.invalidArgument(
                    "A version-id marker cannot be empty.", "version-id-marker", "");
        }
        if (keyMarker.isEmpty()) {
            throw S3Refusal.invalidArgument(
                    "A version-id marker cannot be specified without a key marker.",
                    "version-id-marker",
                    marker);
        }
        return WireIds.version(marker);
    }

    private static void add(XmlWriter xml, Names names, ListedVersion listed, S3Call.Party owner) {
        ObjectVersion version = listed.version();
        xml.start(version.deleteMarker() ? "DeleteMarker" : "Version")
                .element("Key", names.shown(version.key()))
                .element("VersionId", WireIds.ofVersion(version.versionId()))
                .element("IsLatest", listed.latest())
                .element("LastModified", Timestamps.iso(version.createdMicros()));
        if (!version.deleteMarker()) {
            xml.element("ETag", ETags.quoted(ShownObject.listedEtag(version)));
            ObjectListings.addChecksumNames(xml, version.checksums());
            xml.element("Size", ShownObject.listedSizeBytes(version))
                    .element("StorageClass", ObjectHeaders.storageClass(version.attributes()));
        }
        BucketOperations.owner(xml, "Owner", owner);
        xml.end();
    }
}
