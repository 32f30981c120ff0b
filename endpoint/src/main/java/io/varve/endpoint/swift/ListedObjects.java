package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.link.SymbolicLink;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** Objects as a listing in JSON shows them. Owned by the thread that answers. */
final class ListedObjects {
    private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

    private final SwiftCall call;
    private final Bucket bucket;
    private final Symlinks symlinks;

    ListedObjects(SwiftCall call, Bucket bucket, Symlinks symlinks) {
        this.call = call;
        this.bucket = bucket;
        this.symlinks = symlinks;
    }

    static LargeObject.@Nullable Static large(ObjectVersion object) {
        return LargeObject.of(object).orElse(null) instanceof LargeObject.Static large
                ? large
                : null;
    }

    /** How many bytes a reader of an object gets. */
    static long shownBytes(ObjectVersion object) {
        LargeObject.Static large = large(object);
        return large == null ? object.sizeBytes() : large.sizeBytes();
    }

    /** What a plain read finds. */
    void current(JsonText json, ObjectVersion object) {
        json.startObject();
        facts(json, object);
        boolean version = Versions.areKept(bucket) && !object.nullVersion();
        if (version) {
            String path = Versions.location(call, bucket.name(), object.key());
            json.member("symlink_path", path + Versions.currentId(object))
                    .member("version_symlink", true);
        } else {
            link(json, object);
        }
        json.endObject();
    }

    /**
     * @param current whether a plain read finds it
     * @param latest whether it is that, or the delete marker that hides it
     */
    void version(JsonText json, ObjectVersion object, boolean current, boolean latest) {
        json.startObject();
        if (object.deleteMarker()) {
            json.member("bytes", 0)
                    .member("hash", EMPTY_MD5)
                    .member("name", object.key())
                    .member("content_type", Versions.MARKER_TYPE)
                    .member("last_modified", Times.iso(object.writtenMicros()));
        } else {
            facts(json, object);
            link(json, object);
        }
        json.member("version_id", Versions.id(object, current))
                .member("is_latest", latest)
                .endObject();
    }

    private static void facts(JsonText json, ObjectVersion object) {
        json.member("bytes", shownBytes(object))
                .member("hash", object.etag())
                .member("name", object.key())
                .member("content_type", ContentTypes.listed(ObjectHeaders.contentType(object)))
                .member("last_modified", Times.iso(object.writtenMicros()));
        LargeObject.Static large = large(object);
        if (large != null) {
            json.member("slo_etag", '"' + large.etag() + '"');
        }
    }

    private void link(JsonText json, ObjectVersion object) {
        Optional<SymbolicLink> found = SymbolicLink.of(object);
        if (found.isEmpty()) {
            return;
        }
        SymbolicLink link = found.get();
        if (link.etag() != null) {
            if (link.largeEtag() != null) {
                json.member("slo_etag", '"' + link.largeEtag() + '"');
            }
            json.member("symlink_etag", link.etag()).member("symlink_bytes", link.sizeBytes());
        }
        json.member("symlink_path", symlinks.location(call, link));
    }
}
