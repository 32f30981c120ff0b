package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.large.Segment;
import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Puts the manifest of a static large object, and deletes one with all that it is made of. */
final class LargeObjectWrites {
    private final ObjectStore store;
    private final Containers containers;
    private final LargeObjects large;
    private final StaticManifests manifests;
    private final Versions versions;
    private final WriteConditions conditions;

    LargeObjectWrites(
            ObjectStore store,
            Containers containers,
            LargeObjects large,
            Versions versions,
            WriteConditions conditions) {
        this.conditions = conditions;
        this.versions = versions;
        this.store = store;
        this.containers = containers;
        this.large = large;
        this.manifests = new StaticManifests(containers, large);
    }

    HttpResponse put(SwiftCall call) throws IOException {
        Bucket bucket = containers.writable(call);
        ObjectWrites.requireName(call.objectName());
        byte[] document = document(call.request());
        Attributes attributes = ObjectHeaders.ofPut(call);
        Precondition condition = conditions.of(call, bucket);
        StaticManifests.Checked checked = manifests.check(call, document);
        String type = BulkReport.contentType(call.request());
        if (!call.query().isTrue("heartbeat")) {
            if (checked.problems().hasFailures()) {
                return call.respond(400)
                        .header("Content-Type", type)
                        .body(bytes(checked.problems().written(type, "upload")));
            }
            ObjectVersion version = stored(call, bucket, attributes, condition, checked);
            return ObjectWrites.created(call, version, etag(checked)).build();
        }
        return call.respond(202)
                .header("Content-Type", type)
                .body(
                        new HttpBody.Streaming(
                                -1,
                                out -> {
                                    // Something at once, so that nobody takes us for dead.
                                    out.write(' ');
                                    out.flush();
                                    BulkReport report =
                                            reported(call, bucket, attributes, condition, checked);
                                    out.write(bytes("\r\n\r\n" + report.written(type, "upload")));
                                }));
    }

    private BulkReport reported(
            SwiftCall call,
            Bucket bucket,
            Attributes attributes,
            Precondition condition,
            StaticManifests.Checked checked)
            throws IOException {
        BulkReport report = checked.problems();
        if (report.hasFailures()) {
            return report.fact("Response Status", StatusPage.BAD_REQUEST.line())
                    .fact("Response Body", StatusPage.BAD_REQUEST.text());
        }
        try {
            ObjectVersion version = stored(call, bucket, attributes, condition, checked);
            return report.fact("Response Status", StatusPage.CREATED.line())
                    .fact("Response Body", "")
                    .fact("Etag", etag(checked))
                    .fact("Last Modified", Times.http(version.writtenMicros()));
        } catch (SwiftRefusal refusal) {
            return report.fact("Response Status", refusal.page().line())
                    .fact("Response Body", refusal.page().text());
        }
    }

    private static String etag(StaticManifests.Checked checked) {
        return '"' + checked.described().etag() + '"';
    }

    static byte[] document(SwiftRequest request) throws IOException {
        if (request.http().contentLength().isEmpty() && !request.http().chunked()) {
            throw StatusPage.LENGTH_REQUIRED.refusal("Missing Content-Length header.");
        }
        int max = StaticManifests.MAX_MANIFEST_BYTES;
        byte[] document = request.http().body().readNBytes(max + 1);
        if (document.length > max) {
            throw StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal(
                    "Manifest File > %d bytes".formatted(max));
        }
        return document;
    }

    private ObjectVersion stored(
            SwiftCall call,
            Bucket bucket,
            Attributes attributes,
            Precondition condition,
            StaticManifests.Checked checked)
            throws IOException {
        String claimed = call.request().headerOrEmpty("etag");
        if (!claimed.isEmpty()
                && !Representation.bare(claimed).equals(checked.described().etag())) {
            throw StatusPage.UNPROCESSABLE_ENTITY.refusal();
        }
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        settings.put(LargeObject.SETTING, checked.described().encode());
        byte[] kept = ObjectReads.shown(checked.segments());
        Outcome outcome =
                store.put(
                        call.caller(),
                        new PutCommand(
                                bucket.id(),
                                call.objectName(),
                                attributes.withSettings(settings),
                                condition),
                        new DocumentBody(kept));
        return Outcomes.expect(Outcome.ObjectPut.class, outcome).version();
    }

    /** A document of ours as the body of an object. */
    @SuppressWarnings("ArrayRecordComponent")
    private record DocumentBody(byte[] bytes) implements ObjectBody {
        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long lengthBytes() {
            return bytes.length;
        }

        @Override
        public List<Checksum> checksums() {
            return List.of();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    HttpResponse delete(SwiftCall call) {
        Bucket bucket = containers.deletable(call);
        boolean async = call.query().isTrue("async");
        BulkReport report = new BulkReport();
        int deleted = 0;
        int notFound = 0;
        Optional<ObjectVersion> manifest =
                Versions.isAsked(call)
                        ? Optional.of(versions.asked(call, bucket))
                        : containers.current(bucket, call.objectName());
        if (async) {
            requireManifest(manifest);
        }
        if (manifest.isEmpty()) {
            notFound++;
        } else if (!isStatic(manifest.get()) && manifest.get().partCount() == 0) {
            report.failure(
                    Percent.encode("/" + call.containerName() + "/" + call.objectName()),
                    "Not an SLO manifest");
        } else {
            Set<Named> all = new LinkedHashSet<>();
            collect(call, manifest.get(), all, 0);
            if (async) {
                requirePlain(manifest.get());
            }
            boolean version = Versions.isAsked(call);
            if (!version) {
                all.add(new Named(call.containerName(), call.objectName()));
            }
            requireDeletable(call, all);
            if (version) {
                versions.removeAsked(call, bucket);
                deleted++;
            }
            for (Named named : all) {
                if (delete(call, named)) {
                    deleted++;
                } else {
                    notFound++;
                }
            }
        }
        if (async && !report.hasFailures()) {
            return call.page(StatusPage.OK, call.respond(204));
        }
        String type = BulkReport.contentType(call.request());
        report.fact("Number Deleted", deleted)
                .fact("Number Not Found", notFound)
                .fact("Response Body", "")
                .fact(
                        "Response Status",
                        report.hasFailures()
                                ? StatusPage.BAD_REQUEST.line()
                                : StatusPage.OK.line());
        return call.respond(200)
                .header("Content-Type", type)
                .body(bytes(report.written(type, "delete")));
    }

    private record Named(String container, String object) {}

    private static boolean isStatic(ObjectVersion object) {
        return LargeObject.of(object).orElse(null) instanceof LargeObject.Static;
    }

    /** An object that another protocol has put in parts has no objects of its own for them. */
    private List<Segment> segments(ObjectVersion manifest) {
        return manifest.partCount() > 0 ? List.of() : large.segments(manifest);
    }

    /** Everything that the object is made of, the deepest first. */
    private void collect(SwiftCall call, ObjectVersion manifest, Set<Named> all, int depth) {
        for (Segment segment : segments(manifest)) {
            if (!(segment instanceof Segment.Stored stored)) {
                continue;
            }
            if (stored.large() && depth < LargeObjects.MAX_DEPTH) {
                containers
                        .find(call.account(), stored.bucket())
                        .flatMap(bucket -> containers.current(bucket, stored.key()))
                        .filter(LargeObjectWrites::isStatic)
                        .ifPresent(sub -> collect(call, sub, all, depth + 1));
            }
            all.add(new Named(stored.bucket(), stored.key()));
        }
    }

    /** What is deleted in the background is known to be there before. */
    private static void requireManifest(Optional<ObjectVersion> manifest) {
        ObjectVersion object =
                manifest.orElseThrow(() -> StatusPage.NOT_FOUND.refusal("SLO manifest not found"));
        if (!isStatic(object) && object.partCount() == 0) {
            throw StatusPage.BAD_REQUEST.refusal("Not an SLO manifest");
        }
    }

    /** What Swift asks of a large object that is deleted in the background. */
    private void requirePlain(ObjectVersion manifest) {
        Set<String> names = new TreeSet<>();
        for (Segment segment : segments(manifest)) {
            if (segment instanceof Segment.Stored stored) {
                if (stored.large()) {
                    throw StatusPage.BAD_REQUEST.refusal("No segments may be large objects.");
                }
                names.add('"' + Percent.encode(stored.bucket()) + '"');
            }
        }
        if (names.size() > 1) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "All segments must be in one container. Found segments in "
                            + String.join(", ", names));
        }
    }

    /** Nothing is deleted unless all may be. */
    private void requireDeletable(SwiftCall call, Set<Named> all) {
        for (Named named : all) {
            Optional<Bucket> bucket = containers.find(call.account(), named.container());
            if (bucket.isPresent() && !containers.mayDelete(call, bucket.get(), named.object())) {
                throw call.denied();
            }
        }
    }

    private boolean delete(SwiftCall call, Named named) {
        Optional<Bucket> bucket = containers.find(call.account(), named.container());
        return bucket.isPresent()
                && !(versions.remove(call, bucket.get(), named.object())
                        instanceof Outcome.Refused);
    }
}
