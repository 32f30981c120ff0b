package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.Segment;
import io.varve.endpoint.link.SymbolicLink;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.Content;
import io.varve.endpoint.store.ContentRange;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.endpoint.swift.ByteRanges.ByteRange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.VersionRef;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * COPY, and PUT with {@code X-Copy-From}. A copy shares the source's blobs: no byte moves. Safe for
 * use by many threads.
 */
final class ObjectCopies {
    /** How often a source that goes away between look-up and record is looked up again. */
    private static final int MAX_ATTEMPTS = 8;

    private final ObjectStore store;
    private final Containers containers;
    private final SwiftConfig config;
    private final Authenticator authenticator;
    private final ObjectReads reads;
    private final Symlinks symlinks;
    private final Versions versions;
    private final WriteConditions conditions;

    ObjectCopies(
            ObjectStore store,
            Containers containers,
            SwiftConfig config,
            Authenticator authenticator,
            ObjectReads reads,
            Symlinks symlinks,
            Versions versions) {
        this.store = store;
        this.containers = containers;
        this.config = config;
        this.authenticator = authenticator;
        this.reads = reads;
        this.symlinks = symlinks;
        this.versions = versions;
        this.conditions = new WriteConditions(containers, reads);
    }

    /** Where an object is: account as in a path, container, name. */
    private record Place(String account, String container, String object) {}

    static boolean isCopy(SwiftRequest request) {
        return request.method().equals("COPY")
                || (request.method().equals("PUT") && request.hasHeader("x-copy-from"));
    }

    HttpResponse copy(SwiftCall call) throws IOException {
        if (call.request().method().equals("COPY")) {
            Place target = place(call, "Destination", "destination-account");
            Place source =
                    new Place(call.path().account(), call.containerName(), call.objectName());
            return copy(call, source, at(call, target));
        }
        if (call.request().http().contentLength().orElse(0) > 0) {
            throw StatusPage.BAD_REQUEST.plain("Copy requests require a zero byte body");
        }
        return copy(call, place(call, "X-Copy-From", "x-copy-from-account"), call);
    }

    private static Place place(SwiftCall call, String header, String accountHeader) {
        String value =
                Percent.decode(call.request().headerOrEmpty(UserMetadata.lower(header)))
                        .orElseThrow(() -> malformed(header));
        String path = value.startsWith("/") ? value.substring(1) : value;
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1) {
            throw malformed(header);
        }
        String account = call.header(accountHeader);
        if (account != null && (account.isEmpty() || account.contains("/"))) {
            throw StatusPage.PRECONDITION_FAILED.refusal("Account name cannot contain slashes");
        }
        return new Place(
                account == null
                        ? call.path().account()
                        : Percent.decode(account).orElseThrow(() -> malformed(header)),
                path.substring(0, slash),
                path.substring(slash + 1));
    }

    private static SwiftRefusal malformed(String header) {
        return StatusPage.PRECONDITION_FAILED.refusal(
                header + " header must be of the form <container name>/<object name>");
    }

    /** The same request, as far as rights go, about another place. */
    private SwiftCall at(SwiftCall call, Place place) {
        SwiftPath path =
                new SwiftPath(
                        call.path().prefix(), place.account(), place.container(), place.object());
        String project = project(place.account());
        return new SwiftCall(
                new SwiftRequest(call.request().http(), path),
                project,
                call.sender(),
                authenticator.role(call.sender(), project));
    }

    private String project(String account) {
        if (!account.startsWith(config.resellerPrefix())) {
            throw StatusPage.FORBIDDEN.refusal();
        }
        return account.substring(config.resellerPrefix().length());
    }

    private HttpResponse copy(SwiftCall call, Place from, SwiftCall target) throws IOException {
        SwiftCall source = at(call, from);
        for (int attempt = 0; ; attempt++) {
            Bucket sourceBucket = containers.readable(source);
            ObjectVersion named = versions.asked(source, sourceBucket);
            String sourceId = versions.shownId(source, sourceBucket, named);
            boolean asLink = Symlinks.isAboutLinks(call);
            ObjectVersion object =
                    asLink ? named : symlinks.follow(source, sourceBucket, named).object();
            Bucket bucket = containers.writable(target);
            Precondition condition = conditions.of(target, bucket);
            ObjectWrites.requireName(target.objectName());
            Attributes attributes = ObjectHeaders.ofCopy(call, object.attributes());
            boolean asManifest = "get".equals(call.query().first("multipart-manifest"));
            boolean large = LargeObject.of(object).isPresent();
            if ((large && !asManifest) || call.header("range") != null) {
                ObjectVersion copy = written(call, source, object, bucket, target, attributes);
                return answer(target, from, object, copy, sourceId);
            }
            if (large) {
                requireSegments(source, target, object);
                attributes = withLargeObject(attributes, object);
            }
            if (asLink) {
                attributes = withLink(target, attributes, object);
            }
            Outcome outcome =
                    store.change(
                            call.caller(),
                            new ObjectChange.CopyObject(
                                    bucket.id(),
                                    target.objectName(),
                                    new VersionRef(
                                            object.bucketId(), object.key(), object.position()),
                                    attributes,
                                    condition));
            if (outcome instanceof Outcome.Refused(Refusal reason)
                    && reason == Refusal.SOURCE_GONE
                    && attempt < MAX_ATTEMPTS) {
                continue;
            }
            ObjectVersion copy = Outcomes.expect(Outcome.ObjectPut.class, outcome).version();
            return answer(target, from, object, copy, sourceId);
        }
    }

    /** A copy of what a reader of the source sees: its bytes move. */
    private ObjectVersion written(
            SwiftCall call,
            SwiftCall source,
            ObjectVersion object,
            Bucket bucket,
            SwiftCall target,
            Attributes attributes)
            throws IOException {
        Content content = reads.representation(source, object).content();
        List<ByteRange> ranges = ByteRanges.of(call.header("range"), content.sizeBytes());
        if (ranges != null && ranges.size() != 1) {
            throw StatusPage.RANGE_NOT_SATISFIABLE.refusal();
        }
        ByteRange range =
                ranges == null ? new ByteRange(0, content.sizeBytes()) : ranges.getFirst();
        if (range.lengthBytes() > Limits.MAX_FILE_BYTES) {
            throw StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal();
        }
        PutCommand command =
                new PutCommand(
                        bucket.id(),
                        target.objectName(),
                        attributes,
                        conditions.of(target, bucket));
        Outcome outcome =
                store.put(
                        call.caller(),
                        command,
                        new ContentRange(content, range.offset(), range.lengthBytes()));
        return Outcomes.expect(Outcome.ObjectPut.class, outcome).version();
    }

    /** A manifest is worth nothing in an account that has none of its segments. */
    private void requireSegments(SwiftCall source, SwiftCall target, ObjectVersion object) {
        boolean isStatic = LargeObject.of(object).orElse(null) instanceof LargeObject.Static;
        if (!isStatic || source.account().equals(target.account())) {
            return;
        }
        BulkReport report = new BulkReport();
        for (Segment segment : reads.segments(object)) {
            if (segment instanceof Segment.Stored stored) {
                requireSegment(target, stored, report);
            }
        }
        if (report.hasFailures()) {
            throw StatusPage.BAD_REQUEST.plain(report.written("text/plain", "upload"));
        }
    }

    private void requireSegment(SwiftCall target, Segment.Stored stored, BulkReport report) {
        String path = Percent.encode("/" + stored.bucket() + "/" + stored.key());
        Optional<Bucket> bucket = containers.find(target.account(), stored.bucket());
        Optional<ObjectVersion> segment =
                bucket.flatMap(found -> containers.current(found, stored.key()));
        boolean mayKnow =
                bucket.isEmpty()
                        ? target.isOwner()
                        : containers.mayRead(target, bucket.get(), stored.key(), segment);
        if (!mayKnow) {
            report.failure(path, StatusPage.FORBIDDEN.line());
        } else if (segment.isEmpty()) {
            report.failure(path, StatusPage.NOT_FOUND.line());
        }
    }

    private static Attributes withLargeObject(Attributes attributes, ObjectVersion source) {
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        String large = source.attributes().settings().get(LargeObject.SETTING);
        if (large != null) {
            settings.put(LargeObject.SETTING, large);
        }
        String header = source.attributes().settings().get(LargeObject.WRITTEN);
        if (header != null) {
            settings.put(LargeObject.WRITTEN, header);
        }
        return attributes.withSettings(settings);
    }

    /** A copy of a link is a link, and a static one must lead to the same thing from there. */
    private Attributes withLink(SwiftCall target, Attributes attributes, ObjectVersion source) {
        SortedMap<String, String> settings = new TreeMap<>(attributes.settings());
        SymbolicLink.of(source)
                .ifPresent(
                        original -> {
                            SymbolicLink link = symlinks.copied(target, original);
                            if (link.isStatic()) {
                                symlinks.requireTarget(target, link);
                            }
                            link.writeTo(settings);
                        });
        return attributes.withSettings(settings);
    }

    private static HttpResponse answer(
            SwiftCall call,
            Place from,
            ObjectVersion source,
            ObjectVersion copy,
            @Nullable String sourceId) {
        HttpResponse.Builder out =
                ObjectWrites.created(call, copy)
                        .header("X-Copied-From-Account", Percent.encode(from.account()))
                        .header(
                                "X-Copied-From",
                                Percent.encode(from.container() + "/" + from.object()))
                        .header("X-Copied-From-Last-Modified", Times.http(source.writtenMicros()));
        if (sourceId != null) {
            out.header("X-Copied-From-Version-Id", sourceId);
        }
        ObjectHeaders.addMetadata(out, copy.attributes());
        return out.build();
    }
}
