package io.varve.endpoint.swift;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.AccessListException;
import io.varve.endpoint.access.ElementList;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.sync.SyncException;
import io.varve.endpoint.sync.SyncRealms;
import io.varve.endpoint.sync.SyncSettings;
import io.varve.endpoint.sync.SyncTarget;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.SettingNames;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Settings of containers that are not metadata, and the headers they come and go in. */
final class ContainerSettings {
    static final String POLICY = Attributes.STORAGE_CLASS;

    /** When the container was last put or posted, in microseconds since the epoch. */
    static final String MODIFIED = "swift.modified";

    /** Headers by setting, for those that only an owner may see. */
    private static final Map<String, String> OWNERS =
            Map.of(
                    SyncSettings.TO, "X-Container-Sync-To",
                    SyncSettings.KEY, "X-Container-Sync-Key");

    private static final Map<String, String> ANYBODYS =
            Map.of(
                    SettingNames.ARCHIVE_STACK, "X-Versions-Location",
                    SettingNames.ARCHIVE_HISTORY, "X-History-Location");

    private ContainerSettings() {}

    /**
     * @param before the settings that the container has
     */
    static SettingsChange change(SwiftCall call, Map<String, String> before, SyncRealms realms) {
        SettingsChange change = SettingsChange.ofContainer(call);
        if (!call.isOwner()) {
            // Who may write, but not see keys and access lists, sets none either.
            change.set().keySet().removeIf(ContainerSettings::isSecretSetting);
            change.removed().removeIf(ContainerSettings::isSecretSetting);
            readArchive(call, change);
            return change;
        }
        readAccess(call.request(), change, before);
        OWNERS.forEach(
                (setting, header) ->
                        change.read(call.request(), UserMetadata.lower(header), setting));
        requireTarget(change, before, realms);
        readArchive(call, change);
        return change;
    }

    /** What goes somewhere else than before begins anew. */
    private static void requireTarget(
            SettingsChange change, Map<String, String> before, SyncRealms realms) {
        String to = change.set().get(SyncSettings.TO);
        try {
            if (to != null) {
                SyncTarget.of(to, realms);
            }
        } catch (SyncException e) {
            throw StatusPage.BAD_REQUEST.plain(e.reason());
        }
        if (to == null
                ? change.removed().contains(SyncSettings.TO)
                : !to.equals(before.get(SyncSettings.TO))) {
            change.removed().add(SyncSettings.PROGRESS);
        }
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

    /**
     * The container to which what is overwritten moves. One header without a value counts as taking
     * it away, as either of the headers that say so does, whichever way it is kept.
     */
    private static void readArchive(SwiftCall call, SettingsChange change) {
        SwiftRequest request = call.request();
        String stack = request.headerOrEmpty("x-versions-location");
        String history = request.headerOrEmpty("x-history-location");
        if (!stack.isEmpty() && !history.isEmpty()) {
            throw StatusPage.BAD_REQUEST.plain(
                    "Only one of x-versions-location or x-history-location may be specified");
        }
        if (!stack.isEmpty()) {
            replace(change, SettingNames.ARCHIVE_STACK, SettingNames.ARCHIVE_HISTORY, stack);
        } else if (!history.isEmpty()) {
            replace(change, SettingNames.ARCHIVE_HISTORY, SettingNames.ARCHIVE_STACK, history);
        } else if (request.hasHeader("x-versions-location")
                || request.hasHeader("x-history-location")
                || !request.headerOrEmpty("x-remove-versions-location").isEmpty()
                || !request.headerOrEmpty("x-remove-history-location").isEmpty()) {
            change.removed().add(SettingNames.ARCHIVE_STACK);
            change.removed().add(SettingNames.ARCHIVE_HISTORY);
        }
    }

    private static void replace(SettingsChange change, String set, String removed, String header) {
        String name = Percent.decode(header).orElse("");
        if (name.isEmpty() || name.contains("/")) {
            throw StatusPage.PRECONDITION_FAILED.refusal("Container name cannot contain slashes");
        }
        change.set().put(set, name);
        change.removed().add(removed);
    }

    /** What a container is to do with versions from now on; null when the request says nothing. */
    static @Nullable Versioning versioning(
            SwiftCall call, Versioning before, Map<String, String> settings) {
        String wanted = call.header("x-versions-enabled");
        if (wanted == null) {
            return null;
        }
        if (isArchived(settings)) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Cannot enable object versioning on a container that is already using the"
                            + " legacy versioned writes feature.");
        }
        if (settings.containsKey(SyncSettings.TO)) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Cannot enable object versioning on a container configured as source of"
                            + " container syncing.");
        }
        if (SwiftQuery.saysYes(wanted)) {
            return Versioning.ENABLED;
        }
        return before == Versioning.OFF ? null : Versioning.SUSPENDED;
    }

    private static boolean isArchived(Map<String, String> settings) {
        return settings.containsKey(SettingNames.ARCHIVE_STACK)
                || settings.containsKey(SettingNames.ARCHIVE_HISTORY);
    }

    static void describe(HttpResponse.Builder out, Bucket bucket, boolean owner) {
        if (owner) {
            describeAccess(out, bucket);
        }
        if (Versions.areKept(bucket)) {
            boolean enabled = bucket.versioning() == Versioning.ENABLED;
            out.header("X-Versions-Enabled", enabled ? "True" : "False");
        }
        bucket.settings()
                .forEach(
                        (setting, value) -> {
                            String header = header(setting, owner);
                            if (header != null) {
                                boolean isName = ANYBODYS.containsKey(setting);
                                out.header(header, isName ? Percent.encode(value) : value);
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
