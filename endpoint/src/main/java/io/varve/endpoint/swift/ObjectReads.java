package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.LargeObjectException;
import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.large.LargeObjects.Whole;
import io.varve.endpoint.large.Segment;
import io.varve.endpoint.link.LinkStep;
import io.varve.endpoint.link.Links;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.Content;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.StoredContent;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** GET and HEAD of an object, large ones included. Safe for use by many threads. */
final class ObjectReads {
    private final ObjectStore store;
    private final Containers containers;
    private final LargeObjects large;
    private final Symlinks symlinks;
    private final Versions versions;

    ObjectReads(
            ObjectStore store,
            Containers containers,
            LargeObjects large,
            Symlinks symlinks,
            Versions versions) {
        this.store = store;
        this.containers = containers;
        this.large = large;
        this.symlinks = symlinks;
        this.versions = versions;
    }

    HttpResponse get(SwiftCall call) {
        Bucket bucket = containers.readable(call);
        ObjectVersion object = versions.asked(call, bucket);
        HttpHeaders.Builder more = new HttpHeaders.Builder();
        Representation found;
        if (Symlinks.isAboutLinks(call)) {
            more.addAll(symlinks.described(object).fields());
            more.addAll(versions.described(call, bucket, object).fields());
            found = representation(call, object);
        } else {
            Links.Found end = symlinks.follow(call, bucket, object);
            found = representation(call, end.object());
            LinkStep last = end.last();
            if (last == null) {
                more.addAll(versions.described(call, bucket, object).fields());
            } else {
                more.addAll(linked(call, bucket, object, end, last).fields());
            }
        }
        found = found.with(more.build());
        TempUrls.Signed signed = call.signed();
        return signed == null
                ? found.answer(call)
                : tempUrl(call.request(), found, signed).answer(call);
    }

    /** What is told of where a link led. */
    private HttpHeaders linked(
            SwiftCall call, Bucket bucket, ObjectVersion object, Links.Found end, LinkStep last) {
        HttpHeaders.Builder out = new HttpHeaders.Builder();
        boolean home = end.bucket().id() == bucket.id() && !Versions.isAsked(call);
        versions.described(call, bucket, home ? end.object() : object).fields().stream()
                .filter(field -> !field.name().equals("Content-Location"))
                .forEach(field -> out.add(field.name(), field.value()));
        String location = symlinks.location(call, last);
        boolean version = Versions.areKept(end.bucket()) && !end.object().nullVersion();
        return out.add(
                        "Content-Location",
                        version
                                ? location + "?version-id=" + Versions.currentId(end.object())
                                : location)
                .build();
    }

    /** What a plain reader of an object sees, be it a link. */
    Representation linked(SwiftCall call, Bucket bucket, ObjectVersion object) {
        return representation(call, symlinks.follow(call, bucket, object).object());
    }

    Representation representation(SwiftCall call, ObjectVersion object) {
        Optional<LargeObject> kind = LargeObject.of(object);
        boolean manifest = "get".equals(call.query().first("multipart-manifest"));
        if (manifest && object.partCount() > 0) {
            return partsOfAnother(object);
        }
        if (kind.isEmpty() || (manifest && kind.get() instanceof LargeObject.Dynamic)) {
            return new Representation(
                    ObjectHeaders.contentType(object),
                    object.etag(),
                    object.writtenMicros(),
                    ObjectHeaders.shown(object),
                    new StoredContent(store, object));
        }
        return manifest ? manifest(call, object) : whole(call, object);
    }

    /** What a signed URL shows: nothing of the owner's own words unless meant for the public. */
    private static Representation tempUrl(
            SwiftRequest request, Representation found, TempUrls.Signed signed) {
        HttpHeaders.Builder headers = new HttpHeaders.Builder();
        for (HttpHeaders.Field field : found.headers().fields()) {
            String name = UserMetadata.lower(field.name());
            boolean hidden =
                    name.startsWith(UserMetadata.OBJECT)
                            && !name.startsWith(UserMetadata.OBJECT + "public-");
            if (!hidden && !name.equals("content-disposition") && !name.equals("expires")) {
                headers.add(field.name(), field.value());
            }
        }
        headers.add(
                "Content-Disposition",
                TempUrls.disposition(request, found.headers().first("Content-Disposition")));
        headers.add("Expires", Times.http(signed.expires().getEpochSecond() * 1_000_000));
        return new Representation(
                found.contentType(),
                found.etag(),
                found.modifiedMicros(),
                headers.build(),
                found.content(),
                found.oneRange());
    }

    List<Segment> segments(ObjectVersion manifest) {
        return large.segments(manifest);
    }

    private Representation whole(SwiftCall call, ObjectVersion object) {
        Whole whole;
        try {
            whole = large.whole(object, (b, o) -> containers.mayRead(call, b, o));
        } catch (LargeObjectException e) {
            throw e.denied() ? call.denied() : StatusPage.CONFLICT.refusal();
        }
        HttpHeaders.Builder headers = new HttpHeaders.Builder();
        headers.addAll(ObjectHeaders.shown(object).fields());
        if (LargeObject.of(object).filter(LargeObject.Static.class::isInstance).isPresent()) {
            headers.add("X-Manifest-Etag", object.etag());
        }
        return new Representation(
                ObjectHeaders.contentType(object),
                '"' + whole.etag() + '"',
                object.writtenMicros(),
                headers.build(),
                whole,
                LargeObject.of(object).orElse(null) instanceof LargeObject.Dynamic);
    }

    /**
     * An object that another protocol has put in parts has no segment objects. Clients that ask for
     * them, since it is no plain object either, are told of none.
     */
    private static Representation partsOfAnother(ObjectVersion object) {
        byte[] document = shown(List.of());
        return new Representation(
                "application/json; charset=utf-8",
                Digests.md5Hex(document),
                object.writtenMicros(),
                ObjectHeaders.shown(object),
                new BytesContent(document));
    }

    private Representation manifest(SwiftCall call, ObjectVersion object) {
        boolean raw = "raw".equals(call.query().first("format"));
        if (!raw) {
            return new Representation(
                    "application/json; charset=utf-8",
                    object.etag(),
                    object.writtenMicros(),
                    ObjectHeaders.shown(object),
                    new StoredContent(store, object));
        }
        byte[] document = raw(large.segments(object));
        return new Representation(
                ObjectHeaders.contentType(object),
                Digests.md5Hex(document),
                object.writtenMicros(),
                ObjectHeaders.shown(object),
                new BytesContent(document));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record BytesContent(byte[] bytes) implements Content {
        @Override
        public long sizeBytes() {
            return bytes.length;
        }

        @Override
        public ObjectReader open(long offset, long lengthBytes) {
            return new ObjectReader() {
                @Override
                public long lengthBytes() {
                    return lengthBytes;
                }

                @Override
                public void transferTo(OutputStream out) throws IOException {
                    out.write(bytes, (int) offset, (int) lengthBytes);
                }

                @Override
                public void close() {}
            };
        }
    }

    /** As Swift shows a manifest, and as it is kept. */
    static byte[] shown(List<Segment> segments) {
        JsonText json = new JsonText().startList();
        for (Segment segment : segments) {
            json.startObject();
            switch (segment) {
                case Segment.Inline(byte[] bytes) ->
                        json.member("data", Base64.getEncoder().encodeToString(bytes));
                case Segment.Stored stored -> {
                    json.member("name", "/" + stored.bucket() + "/" + stored.key())
                            .member("bytes", stored.sizeBytes())
                            .member("hash", stored.etag())
                            .member("content_type", stored.contentType())
                            .member("last_modified", stored.lastModified());
                    String range = stored.range();
                    if (range != null) {
                        json.member("range", range);
                    }
                    if (stored.large()) {
                        json.member("sub_slo", true);
                    }
                }
            }
            json.endObject();
        }
        return json.endList().bytes();
    }

    /** As it could be put again. */
    private static byte[] raw(List<Segment> segments) {
        JsonText json = new JsonText().startList();
        for (Segment segment : segments) {
            json.startObject();
            switch (segment) {
                case Segment.Inline(byte[] bytes) ->
                        json.member("data", Base64.getEncoder().encodeToString(bytes));
                case Segment.Stored stored -> {
                    json.member("etag", stored.etag())
                            .member("path", "/" + stored.bucket() + "/" + stored.key());
                    String range = stored.range();
                    if (range != null) {
                        json.member("range", range);
                    }
                    json.member("size_bytes", stored.sizeBytes());
                }
            }
            json.endObject();
        }
        return json.endList().bytes();
    }
}
