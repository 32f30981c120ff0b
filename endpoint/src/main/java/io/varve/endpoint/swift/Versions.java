package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.OpaqueIds;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.SettingNames;
import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The versions of objects in Swift's words. They are the versions that S3 shows, under the same
 * ids, but for one that has no id of its own: it is {@code null} to Swift only while a plain read
 * finds it, and is known by where it was made afterwards. Safe for use by many threads.
 */
final class Versions {
    static final String NULL = "null";
    static final String MARKER_TYPE = "application/x-deleted;swift_versions_deleted=1";

    private static final String PARAMETER = "version-id";
    private static final String HEADER = "X-Object-Version-Id";

    private final ObjectStore store;
    private final Containers containers;

    Versions(ObjectStore store, Containers containers) {
        this.store = store;
        this.containers = containers;
    }

    static boolean isAsked(SwiftCall call) {
        return !call.query().firstOrEmpty(PARAMETER).isEmpty();
    }

    /** Whether a container keeps versions or has kept some. */
    static boolean areKept(Bucket bucket) {
        return bucket.versioning() != Versioning.OFF;
    }

    /** The id of a version that a plain read finds. */
    static String currentId(ObjectVersion version) {
        return OpaqueIds.ofVersion(version.versionId());
    }

    /** The id of a version, whatever it is to a plain read. */
    static String id(ObjectVersion version, boolean current) {
        return current
                ? currentId(version)
                : OpaqueIds.ofVersion(new VersionId(version.position()));
    }

    /**
     * What a request is about: the version it names, or what a plain read finds.
     *
     * @throws SwiftRefusal when there is none, or when it is not for the sender
     */
    ObjectVersion asked(SwiftCall call, Bucket bucket) {
        if (!isAsked(call)) {
            return containers
                    .current(bucket, call.objectName())
                    .orElseThrow(() -> absent(bucket, NULL));
        }
        String text = call.query().firstOrEmpty(PARAMETER);
        if (text.equals(NULL)) {
            return containers
                    .current(bucket, call.objectName())
                    .filter(ObjectVersion::nullVersion)
                    .orElseThrow(StatusPage.NOT_FOUND::refusal);
        }
        VersionId id = id(bucket, text);
        requireTrusted(call, false);
        ObjectVersion version =
                find(bucket, call.objectName(), id).orElseThrow(StatusPage.NOT_FOUND::refusal);
        if (version.deleteMarker()) {
            String page = new String(StatusPage.NOT_FOUND.html(), StandardCharsets.UTF_8);
            throw new SwiftRefusal(StatusPage.NOT_FOUND, page, MARKER_TYPE).header(HEADER, text);
        }
        return version;
    }

    private static SwiftRefusal absent(Bucket bucket, String id) {
        SwiftRefusal refusal = StatusPage.NOT_FOUND.refusal();
        return areKept(bucket) ? refusal.header(HEADER, id) : refusal;
    }

    /** Access lists speak of what a plain read finds; older versions are the account's own. */
    private static void requireTrusted(SwiftCall call, boolean toWrite) {
        boolean trusted = toWrite ? call.mayWrite() : call.role() != AccountRole.NONE;
        if (!trusted) {
            throw call.denied();
        }
    }

    private static VersionId id(Bucket bucket, String text) {
        if (!areKept(bucket)) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "version-aware operations require that the container is versioned");
        }
        return OpaqueIds.version(text)
                .orElseThrow(() -> StatusPage.BAD_REQUEST.refusal("Invalid version parameter"));
    }

    private Optional<ObjectVersion> find(Bucket bucket, String key, VersionId id) {
        return store.view()
                .version(bucket.id(), key, id)
                .or(
                        () ->
                                store.view()
                                        .version(bucket.id(), key, VersionId.NULL)
                                        .filter(v -> v.position() == id.position()));
    }

    /** What is told of the version that an answer is about. */
    HttpHeaders described(SwiftCall call, Bucket bucket, ObjectVersion object) {
        HttpHeaders.Builder out = new HttpHeaders.Builder();
        String id = shownId(call, bucket, object);
        if (id != null) {
            out.add(HEADER, id);
            if (!isAsked(call) && !object.nullVersion()) {
                out.add("Content-Location", location(call, bucket.name(), object.key()) + id);
            }
        }
        return out.build();
    }

    /** The id of what a request found; null where there are no versions. */
    @Nullable String shownId(SwiftCall call, Bucket bucket, ObjectVersion object) {
        if (isAsked(call)) {
            return call.query().firstOrEmpty(PARAMETER);
        }
        return areKept(bucket) ? currentId(object) : null;
    }

    /** The path of an object's version but for the id. */
    static String location(SwiftCall call, String container, String key) {
        String path = call.path().account() + "/" + container + "/" + key;
        return "/v1/" + Percent.encode(path) + "?" + PARAMETER + "=";
    }

    /** Adds the id that a write gave to its object, where it gave one. */
    static void describe(HttpResponse.Builder out, ObjectVersion written) {
        if (!written.nullVersion()) {
            out.header(HEADER, currentId(written));
        }
    }

    /** Makes the version that a request names the current one. */
    HttpResponse restore(SwiftCall call) {
        if (call.request().http().contentLength().orElse(0) > 0
                || call.request().http().chunked()) {
            throw StatusPage.BAD_REQUEST.plain("PUT version-id requests require a zero byte body");
        }
        Bucket bucket = containers.writable(call);
        String text = call.query().firstOrEmpty(PARAMETER);
        Optional<ObjectVersion> version =
                text.equals(NULL)
                        ? containers
                                .current(bucket, call.objectName())
                                .filter(ObjectVersion::nullVersion)
                        : find(bucket, call.objectName(), id(bucket, text));
        if (version.isEmpty()) {
            throw StatusPage.NOT_FOUND.plain("The specified version does not exist");
        }
        forgetExpiry(call, version.get());
        Outcome outcome =
                store.change(
                        call.caller(),
                        new ObjectChange.RestoreVersion(
                                bucket.id(), call.objectName(), version.get().position()));
        ObjectVersion restored = Outcomes.expect(Outcome.ObjectPut.class, outcome).version();
        return ObjectWrites.created(call, restored).build();
    }

    /**
     * What comes back stays. Its expiry goes first: a version that is not current does not expire
     * anyway, so whoever looks between the two records, or finds us dead between them, sees no
     * difference.
     */
    private void forgetExpiry(SwiftCall call, ObjectVersion version) {
        SortedMap<String, String> settings = new TreeMap<>(version.attributes().settings());
        if (settings.remove(Attributes.EXPIRES) == null) {
            return;
        }
        Outcomes.expect(
                Outcome.AttributesSet.class,
                store.change(
                        call.caller(),
                        new ObjectChange.SetAttributes(
                                version.bucketId(),
                                version.key(),
                                version.position(),
                                version.revision(),
                                version.attributes().withSettings(settings),
                                false)));
    }

    /** Deletes what a request names: the version, or what a plain read finds. */
    HttpResponse delete(SwiftCall call, Bucket bucket) {
        String text = call.query().firstOrEmpty(PARAMETER);
        if (text.isEmpty() || (text.equals(NULL) && !areKept(bucket))) {
            return deleteCurrent(call, bucket);
        }
        if (text.equals(NULL)) {
            Outcomes.expect(
                    Outcome.ObjectDeleted.class,
                    store.change(
                            call.caller(),
                            new ObjectChange.WithdrawObject(bucket.id(), call.objectName())));
            return call.page(StatusPage.OK, call.respond(204));
        }
        VersionId id = id(bucket, text);
        requireTrusted(call, true);
        removeVersion(call, bucket, call.objectName(), id);
        String current =
                containers.current(bucket, call.objectName()).map(Versions::currentId).orElse(NULL);
        return call.page(
                StatusPage.OK,
                call.respond(204)
                        .header(HEADER, text)
                        .header("X-Object-Current-Version-Id", current));
    }

    /** Removes the version that a request names, and nothing else. */
    void removeAsked(SwiftCall call, Bucket bucket) {
        VersionId id = id(bucket, call.query().firstOrEmpty(PARAMETER));
        requireTrusted(call, true);
        removeVersion(call, bucket, call.objectName(), id);
    }

    private void removeVersion(SwiftCall call, Bucket bucket, String key, VersionId id) {
        ObjectVersion version = find(bucket, key, id).orElseThrow(StatusPage.NOT_FOUND::refusal);
        Outcomes.expect(
                Outcome.ObjectDeleted.class,
                store.change(
                        call.caller(),
                        new ObjectChange.RemoveVersion(bucket.id(), key, version.position())));
    }

    /**
     * A container that keeps versions, or a history, is told of a delete even where there is
     * nothing: the first record is refused when there is nothing, so it is the second that marks
     * it. When we die between them nothing has been done and nobody was answered.
     */
    private HttpResponse deleteCurrent(SwiftCall call, Bucket bucket) {
        Outcome outcome = remove(call, bucket, call.objectName());
        boolean marks =
                bucket.versioning() == Versioning.ENABLED
                        || bucket.settings().containsKey(SettingNames.ARCHIVE_HISTORY);
        if (marks && outcome.equals(new Outcome.Refused(Refusal.NO_SUCH_KEY))) {
            Outcome marked =
                    store.change(
                            call.caller(),
                            new ObjectChange.DeleteObject(
                                    bucket.id(), call.objectName(), null, Precondition.NONE));
            SwiftRefusal refusal = StatusPage.NOT_FOUND.refusal();
            String id = markerId(Outcomes.expect(Outcome.ObjectDeleted.class, marked));
            throw id == null ? refusal : refusal.header(HEADER, id);
        }
        HttpResponse.Builder out = call.respond(204);
        String id = markerId(Outcomes.expect(Outcome.ObjectDeleted.class, outcome));
        if (id != null) {
            out.header(HEADER, id);
        }
        return call.page(StatusPage.OK, out);
    }

    private static @Nullable String markerId(Outcome.ObjectDeleted deleted) {
        VersionId id = deleted.versionId();
        return id == null || id.isNull() || !deleted.deleteMarker()
                ? null
                : OpaqueIds.ofVersion(id);
    }

    /**
     * Deletes what a plain read finds, as the container's versioning has it. While versioning is
     * suspended Swift leaves no marker.
     *
     * @return refused for {@code NO_SUCH_KEY} when there was nothing
     */
    Outcome remove(SwiftCall call, Bucket bucket, String key) {
        ObjectChange change =
                bucket.versioning() == Versioning.SUSPENDED
                        ? new ObjectChange.WithdrawObject(bucket.id(), key)
                        : new ObjectChange.DeleteObject(
                                bucket.id(), key, null, new Precondition.IfMatch("*"));
        return store.change(call.caller(), change);
    }
}
