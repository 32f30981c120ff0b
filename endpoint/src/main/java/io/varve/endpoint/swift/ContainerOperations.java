package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Containers as a whole. Safe for use by many threads. */
final class ContainerOperations {
    private final ObjectStore store;
    private final Containers containers;
    private final SwiftConfig config;
    private final Symlinks symlinks;
    private final ContainerListing listing;
    private final VersionListing versions;

    ContainerOperations(
            ObjectStore store, Containers containers, SwiftConfig config, Symlinks symlinks) {
        this.store = store;
        this.containers = containers;
        this.config = config;
        this.symlinks = symlinks;
        this.listing = new ContainerListing(store);
        this.versions = new VersionListing(store);
    }

    HttpResponse get(SwiftCall call) {
        ListingFormat format = ListingFormat.of(call.request());
        if (VersionListing.isAsked(call)) {
            VersionListing.requireJson(call.request());
            Bucket bucket = containers.listable(call);
            return describe(call, bucket, ListingFormat.JSON, 200)
                    .body(
                            versions.written(
                                    call, bucket, new ListedObjects(call, bucket, symlinks)));
        }
        ListingQuery query = ListingQuery.of(call.query());
        Bucket bucket = containers.listable(call);
        List<Listing.Entry<ObjectVersion>> entries = listing.entries(bucket, query);
        boolean nothing = entries.isEmpty() && format == ListingFormat.TEXT;
        HttpResponse.Builder out = describe(call, bucket, format, nothing ? 204 : 200);
        return out.body(
                ContainerListing.written(
                        format, bucket, entries, new ListedObjects(call, bucket, symlinks)));
    }

    HttpResponse head(SwiftCall call) {
        ListingFormat format = ListingFormat.of(call.request());
        return describe(call, containers.listable(call), format, 204).build();
    }

    private HttpResponse.Builder describe(
            SwiftCall call, Bucket bucket, ListingFormat format, int status) {
        HttpResponse.Builder out =
                call.respond(status)
                        .header("Content-Type", format.contentType())
                        .header("X-Container-Object-Count", Long.toString(bucket.objectCount()))
                        .header(
                                "X-Container-Bytes-Used",
                                Long.toString(bucket.sizeBytes() + bucket.versionBytes()))
                        .header("X-Timestamp", Times.timestamp(bucket.createdMicros()))
                        .header(
                                "Last-Modified",
                                Times.http(ContainerSettings.modifiedMicros(bucket)))
                        .header("Accept-Ranges", "bytes")
                        .header("X-Storage-Policy", policy(bucket));
        ContainerSettings.describe(out, bucket, call.isOwner());
        if (call.query().first("format") == null) {
            out.header("Vary", "Accept");
        }
        return out;
    }

    private String policy(Bucket bucket) {
        return bucket.settings()
                .getOrDefault(ContainerSettings.POLICY, config.policies().getFirst());
    }

    HttpResponse put(SwiftCall call) {
        if (!call.mayWrite()) {
            throw call.denied();
        }
        String name = call.containerName();
        int length = Utf8.length(name);
        if (length > Limits.MAX_CONTAINER_NAME_BYTES) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Container name length of %d longer than %d"
                            .formatted(length, Limits.MAX_CONTAINER_NAME_BYTES));
        }
        SettingsChange change = ContainerSettings.change(call, Map.of(), config.sync().realms());
        Versioning versioning = ContainerSettings.versioning(call, Versioning.OFF, change.set());
        String policy = requestedPolicy(call);
        SortedMap<String, String> settings = new TreeMap<>(change.set());
        if (!policy.isEmpty()) {
            settings.put(ContainerSettings.POLICY, policy);
        }
        Outcome outcome =
                store.change(
                        call.caller(),
                        new BucketChange.CreateBucket(
                                store.names().storedName(call.account(), name),
                                call.account(),
                                settings));
        if (outcome instanceof Outcome.Refused(Refusal reason)
                && reason == Refusal.BUCKET_OWNED_BY_CALLER) {
            Bucket bucket = containers.owned(call);
            if (!policy.isEmpty() && !policy.equals(policy(bucket))) {
                throw StatusPage.CONFLICT.refusal();
            }
            change(call, bucket);
            return call.page(StatusPage.ACCEPTED);
        }
        setVersioning(
                call, Outcomes.expect(Outcome.BucketCreated.class, outcome).bucketId(), versioning);
        return call.page(StatusPage.CREATED);
    }

    /** The storage policy that a new container is to have; empty for the default. */
    private String requestedPolicy(SwiftCall call) {
        String wanted = call.request().headerOrEmpty("x-storage-policy");
        if (wanted.isEmpty()) {
            return "";
        }
        return config.policies().stream()
                .filter(name -> name.equalsIgnoreCase(wanted))
                .findFirst()
                .orElseThrow(
                        () ->
                                StatusPage.BAD_REQUEST.plain(
                                        "Invalid X-Storage-Policy '%s'".formatted(wanted)));
    }

    HttpResponse post(SwiftCall call) {
        Bucket bucket = containers.owned(call);
        change(call, bucket);
        return call.page(StatusPage.OK, call.respond(204));
    }

    /**
     * Two records when the request is about versioning too. Whoever is not answered because we died
     * between them asks again, and both do again what they did.
     */
    private void change(SwiftCall call, Bucket bucket) {
        SettingsChange change =
                ContainerSettings.change(call, bucket.settings(), config.sync().realms());
        SortedMap<String, String> after = new TreeMap<>(bucket.settings());
        after.keySet().removeAll(change.removed());
        after.putAll(change.set());
        setVersioning(
                call, bucket.id(), ContainerSettings.versioning(call, bucket.versioning(), after));
        apply(call, bucket, change);
    }

    private void setVersioning(SwiftCall call, long bucketId, @Nullable Versioning versioning) {
        if (versioning != null) {
            Outcomes.expectApplied(
                    store.change(
                            call.caller(), new BucketChange.SetVersioning(bucketId, versioning)));
        }
    }

    private void apply(SwiftCall call, Bucket bucket, SettingsChange change) {
        change.requireFits(bucket.settings());
        change.set()
                .put(
                        ContainerSettings.MODIFIED,
                        Long.toString(
                                ChronoUnit.MICROS.between(Instant.EPOCH, call.request().now())));
        Outcomes.expectApplied(
                store.change(
                        call.caller(),
                        new BucketChange.ChangeBucketSettings(
                                bucket.id(), change.set(), change.removed())));
    }

    HttpResponse delete(SwiftCall call) {
        Bucket bucket = containers.owned(call);
        Outcomes.expectApplied(
                store.change(call.caller(), new BucketChange.DeleteBucket(bucket.id())));
        return call.page(StatusPage.OK, call.respond(204));
    }
}
