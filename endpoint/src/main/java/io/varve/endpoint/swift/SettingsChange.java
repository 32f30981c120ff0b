package io.varve.endpoint.swift;

import io.varve.journal.record.SettingNames;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a request changes in the settings of a container or account: headers become settings, an
 * empty value or a header {@code X-Remove-…} takes one away.
 */
record SettingsChange(SortedMap<String, String> set, SortedSet<String> removed) {
    private static final String METADATA = "meta.";
    private static final String REMOVE = "x-remove-";

    /** Metadata that the namespace itself looks at, by name. */
    private static final Map<String, String> CONTAINER_NAMES =
            Map.of(
                    "quota-bytes", SettingNames.QUOTA_BYTES,
                    "quota-count", SettingNames.QUOTA_OBJECTS);

    private static final Map<String, String> ACCOUNT_NAMES =
            Map.of("quota-bytes", SettingNames.QUOTA_BYTES);

    static SettingsChange ofContainer(SwiftCall call) {
        SettingsChange change = new SettingsChange(new TreeMap<>(), new TreeSet<>());
        change.readMetadata(call.request(), UserMetadata.CONTAINER, CONTAINER_NAMES);
        change.requireNumber(SettingNames.QUOTA_BYTES, "Invalid bytes quota.");
        change.requireNumber(SettingNames.QUOTA_OBJECTS, "Invalid count quota.");
        return change;
    }

    static SettingsChange ofAccount(SwiftCall call) {
        SettingsChange change = new SettingsChange(new TreeMap<>(), new TreeSet<>());
        change.readMetadata(call.request(), UserMetadata.ACCOUNT, ACCOUNT_NAMES);
        change.requireNumber(SettingNames.QUOTA_BYTES, "");
        return change;
    }

    boolean isEmpty() {
        return set.isEmpty() && removed.isEmpty();
    }

    /** Takes one header into a setting of its own. */
    void read(SwiftRequest request, String header, String setting) {
        String value = request.header(header);
        if (value != null) {
            put(setting, value);
        } else if (request.hasHeader(REMOVE + header.substring("x-".length()))) {
            removed.add(setting);
        }
    }

    void put(String setting, String value) {
        if (value.isEmpty()) {
            removed.add(setting);
        } else {
            set.put(setting, value);
        }
    }

    private void readMetadata(SwiftRequest request, String prefix, Map<String, String> own) {
        UserMetadata.requireUtf8(request, prefix);
        UserMetadata.of(request, prefix)
                .forEach((name, value) -> put(own.getOrDefault(name, METADATA + name), value));
        String remove = REMOVE + prefix.substring("x-".length());
        for (String header : request.headers().keySet()) {
            if (header.startsWith(remove)) {
                String name = header.substring(remove.length());
                String setting = own.getOrDefault(name, METADATA + name);
                if (!set.containsKey(setting)) {
                    removed.add(setting);
                }
            }
        }
    }

    private void requireNumber(String setting, String refusal) {
        String value = set.get(setting);
        if (value != null && !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refusal.isEmpty()
                    ? StatusPage.BAD_REQUEST.refusal()
                    : StatusPage.BAD_REQUEST.refusal(refusal);
        }
    }

    /**
     * @throws SwiftRefusal when the metadata would be too much with this change
     */
    void requireFits(Map<String, String> before) {
        SortedMap<String, String> after = new TreeMap<>();
        before.forEach((name, value) -> keepMetadata(after, name, value));
        removed.forEach(
                name -> {
                    if (name.startsWith(METADATA)) {
                        after.remove(name.substring(METADATA.length()));
                    }
                });
        set.forEach((name, value) -> keepMetadata(after, name, value));
        UserMetadata.requireFew(after);
    }

    private static void keepMetadata(Map<String, String> kept, String name, String value) {
        if (name.startsWith(METADATA)) {
            kept.put(name.substring(METADATA.length()), value);
        }
    }

    /** The metadata header that shows a setting; null when it is not metadata. */
    static @Nullable String header(String prefix, String setting) {
        if (setting.startsWith(METADATA)) {
            return UserMetadata.shown(prefix, setting.substring(METADATA.length()));
        }
        Map<String, String> own =
                prefix.equals(UserMetadata.ACCOUNT) ? ACCOUNT_NAMES : CONTAINER_NAMES;
        for (Map.Entry<String, String> name : own.entrySet()) {
            if (name.getValue().equals(setting)) {
                return UserMetadata.shown(prefix, name.getKey());
            }
        }
        return null;
    }

    /** A value of the metadata of a container or account; null when it has none of this name. */
    static @Nullable String metadata(Map<String, String> settings, String lowerCaseName) {
        return settings.get(METADATA + lowerCaseName);
    }
}
