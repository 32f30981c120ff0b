package io.varve.endpoint.swift;

import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.sync.SyncRealms;
import io.varve.endpoint.sync.SyncSettings;
import io.varve.endpoint.sync.SyncSignature;
import io.varve.endpoint.sync.SyncTime;
import io.varve.projections.namespace.Bucket;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Requests of other sites that keep a container the same here as there. Whoever knows the secrets
 * of the realm and of the container may send them, without a token. Safe for use by many threads.
 */
final class SyncRequests {
    private static final String AUTH = "x-container-sync-auth";
    private static final Set<String> METHODS = Set.of("HEAD", "PUT", "DELETE");

    private final ObjectStore store;
    private final SyncRealms realms;
    private final String resellerPrefix;

    SyncRequests(ObjectStore store, SwiftConfig config) {
        this.store = store;
        this.realms = config.sync().realms();
        this.resellerPrefix = config.resellerPrefix();
    }

    /**
     * What a site says of an object.
     *
     * @param realm whose secret it knows, in capitals
     * @param originMicros when the object was written, or deleted, where that was first
     */
    record Synced(String realm, long originMicros) {}

    static boolean isSigned(SwiftRequest request) {
        return request.hasHeader(AUTH);
    }

    /**
     * @throws SwiftRefusal when the signature does not hold, whatever the reason
     */
    SwiftCall verify(SwiftRequest request) {
        SwiftPath path = request.path();
        String header = request.headerOrEmpty(AUTH);
        String timestamp =
                request.hasHeader("x-timestamp") ? request.headerOrEmpty("x-timestamp") : "0";
        OptionalLong originMicros = SyncTime.micros(timestamp);
        if (!path.isObject()
                || !path.account().startsWith(resellerPrefix)
                || !METHODS.contains(request.method())
                || originMicros.isEmpty()) {
            throw invalid(path);
        }
        String project = path.account().substring(resellerPrefix.length());
        String key =
                store.bucket(project, path.container())
                        .filter(bucket -> bucket.owner().equals(project))
                        .map(SyncRequests::key)
                        .orElse("");
        SyncSignature.Signed signed =
                new SyncSignature.Signed(
                        request.method(),
                        Percent.encode(Percent.decode(request.http().rawPath()).orElse("")),
                        timestamp);
        if (!SyncSignature.holds(header, realms, key, signed)) {
            throw invalid(path);
        }
        String realm = header.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT);
        return SwiftCall.synced(
                request.withOnly(Set.of()), project, new Synced(realm, originMicros.getAsLong()));
    }

    private static String key(Bucket bucket) {
        return bucket.settings().getOrDefault(SyncSettings.KEY, "");
    }

    private static SwiftRefusal invalid(SwiftPath path) {
        return StatusPage.UNAUTHORIZED
                .plain(
                        "X-Container-Sync-Auth header not valid; contact cluster operator for"
                                + " support.")
                .header(
                        "Www-Authenticate",
                        "SwiftContainerSync realm=\"" + Percent.encode(path.account()) + "\"");
    }
}
