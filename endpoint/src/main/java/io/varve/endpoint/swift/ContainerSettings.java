package io.varve.endpoint.swift;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.AccessListException;
import io.varve.endpoint.access.ElementList;
import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Settings of containers that are not metadata, and the headers they come and go in. */
final class ContainerSettings {
    static final String SYNC_TO = "swift.sync-to";
    static final String SYNC_KEY = "swift.sync-key";
    static final String VERSIONS_LOCATION = "swift.versions-location";
    static final String HISTORY_LOCATION = "swift.history-location";
    static final String POLICY = "swift.policy";

    /** When the container was last put or posted, in microseconds since the epoch. */
    static final String MODIFIED = "swift.modified";

    /** Headers by setting, for those that only an owner may see. */
    private static final Map<String, String> OWNERS =
            Map.of(
                    SYNC_TO, "X-Container-Sync-To",
                    SYNC_KEY, "X-Container-Sync-Key");

    private static final Map<String, String> ANYBODYS =
            Map.of(
                    VERSIONS_LOCATION, "X-Versions-Location",
                    HISTORY_LOCATION, "X-History-Location");

    private ContainerSettings() {}

    /**
     * @param before the settings that the container has
     */
    static SettingsChange change(SwiftCall call, Map<String, String> before) {
        SettingsChange change = SettingsChange.ofContainer(call);
        if (!call.isOwner()) {
            // Who may write, but not see keys and access lists, sets none either.
            change.set().keySet().removeIf(ContainerSettings::isSecretSetting);
            change.removed().removeIf(ContainerSettings::isSecretSetting);
            readVersioning(call, change);
            return change;
        }
        readAccess(call.request(), change, before);
        OWNERS.forEach(
                (setting, header) ->
                        change.read(call.request(), UserMetadata.lower(header), setting));
        readVersioning(call, change);
        return change;
    }

    static long modifiedMicros(Bucket bucket) {
        String modified = bucket.settings().get(MODIFIED);
        return modified == null
                ? bucket.createdMicros()
                : Math.max(bucket.createdMicros(), Long.parseLong(modified));
    }

    private static void readAccess(
            SwiftRequest request, SettingsChange change, Map<String, String> before) {
        AccessList access = AccessList.of(before);
        AccessList after = access;
        try {
            if (changes(request, "read")) {
                String text = request.headerOrEmpty("x-container-read");
                after = after.withRead(ElementList.parse(text, false));
            }
            if (changes(request, "write")) {
                String text = request.headerOrEmpty("x-container-write");
                after = after.withWrite(ElementList.parse(text, true));
            }
        } catch (AccessListException e) {
            throw StatusPage.BAD_REQUEST.refusal(String.valueOf(e.getMessage()));
        }
        if (!after.equals(access)) {
            change.put(AccessList.SETTING, after.encode());
        }
    }

    private static boolean changes(SwiftRequest request, String which) {
        return request.hasHeader("x-container-" + which)
                || request.hasHeader("x-remove-container-" + which);
    }

    private static void describeAccess(HttpResponse.Builder out, Bucket bucket) {
        AccessList access = AccessList.of(bucket.settings());
        if (!access.shownAsRead().isEmpty()) {
            out.header("X-Container-Read", access.shownAsRead().text());
        }
        if (!access.shownAsWrite().isEmpty()) {
            out.header("X-Container-Write", access.shownAsWrite().text());
        }
    }

    private static void readVersioning(SwiftCall call, SettingsChange change) {
        SwiftRequest request = call.request();
        String versions = request.headerOrEmpty("x-versions-location");
        String history = request.headerOrEmpty("x-history-location");
        if (!versions.isEmpty() && !history.isEmpty()) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Only one of X-Versions-Location or X-History-Location may be specified");
        }
        change.read(request, "x-versions-location", VERSIONS_LOCATION);
        change.read(request, "x-history-location", HISTORY_LOCATION);
        if (!versions.isEmpty()) {
            replace(change, VERSIONS_LOCATION, HISTORY_LOCATION, location(versions));
        } else if (!history.isEmpty()) {
            replace(change, HISTORY_LOCATION, VERSIONS_LOCATION, location(history));
        }
    }

    private static void replace(SettingsChange change, String set, String removed, String value) {
        change.set().put(set, value);
        change.removed().add(removed);
    }

    private static String location(String header) {
        String name = Percent.decode(header).orElse("");
        if (name.isEmpty() || name.contains("/")) {
            throw StatusPage.PRECONDITION_FAILED.refusal(
                    "X-Versions-Location header must be a container name");
        }
        return name;
    }

    static void describe(HttpResponse.Builder out, Bucket bucket, boolean owner) {
        if (owner) {
            describeAccess(out, bucket);
        }
        bucket.settings()
                .forEach(
                        (setting, value) -> {
                            String header = header(setting, owner);
                            if (header != null) {
                                out.header(header, value);
                            }
                        });
    }

    private static @Nullable String header(String setting, boolean owner) {
        String metadata = SettingsChange.header(UserMetadata.CONTAINER, setting);
        if (metadata != null) {
            return owner || !isSecret(metadata) ? metadata : null;
        }
        String anybodys = ANYBODYS.get(setting);
        return anybodys != null || !owner ? anybodys : OWNERS.get(setting);
    }

    private static boolean isSecretSetting(String setting) {
        String header = SettingsChange.header(UserMetadata.CONTAINER, setting);
        return header != null && isSecret(header);
    }

    /** Keys that sign URLs are for owners alone. */
    static boolean isSecret(String header) {
        return header.contains("-Temp-Url-Key");
    }
}
