package io.varve.endpoint.sync;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The clusters that know each other, by realm: each realm has a secret that all its clusters share,
 * and says where each of them is. The form is that of OpenStack Swift's {@code
 * container-sync-realms.conf}, so that one file can serve both. Names are told without regard to
 * case. Immutable.
 */
public final class SyncRealms {
    public static final SyncRealms NONE = new SyncRealms(new TreeMap<>());

    private static final String CLUSTER = "cluster_";
    private static final String DEFAULTS = "DEFAULT";

    private final SortedMap<String, Realm> realms;

    private SyncRealms(SortedMap<String, Realm> realms) {
        this.realms = Collections.unmodifiableSortedMap(realms);
    }

    /**
     * @param key the secret that requests are signed with
     * @param key2 another one that is taken too, while the secret is being changed
     * @param clusters where each is, by name: the part of a URL before the account
     */
    record Realm(String key, @Nullable String key2, SortedMap<String, String> clusters) {
        /** Without the secrets, so that they do not get into a log. */
        @Override
        public String toString() {
            return "Realm[clusters=" + clusters.keySet() + "]";
        }
    }

    /**
     * @throws SyncException when the file cannot be read, or is none of realms
     */
    public static SyncRealms read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new SyncException("the realms cannot be read: " + file, e);
        }
    }

    /** No line of the text gets into a message: it may be a secret. */
    static SyncRealms parse(String text, String name) {
        SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
        SortedMap<String, String> section = null;
        int number = 0;
        for (String raw : text.lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                String title = line.substring(1, line.length() - 1).strip();
                section = sections.computeIfAbsent(upper(title), _ -> new TreeMap<>());
                continue;
            }
            int end = separator(line);
            if (section == null || end <= 0) {
                throw new SyncException("%s:%d: not a line of realms".formatted(name, number));
            }
            String key = line.substring(0, end).strip().toLowerCase(Locale.ROOT);
            section.put(key, line.substring(end + 1).strip());
        }
        SortedMap<String, Realm> realms = new TreeMap<>();
        sections.forEach(
                (title, entries) -> {
                    if (!title.equals(DEFAULTS)) {
                        realms.put(title, realm(name, title, entries));
                    }
                });
        return new SyncRealms(realms);
    }

    private static int separator(String line) {
        int equals = line.indexOf('=');
        int colon = line.indexOf(':');
        return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals;
    }

    private static Realm realm(String file, String title, Map<String, String> entries) {
        String key = entries.getOrDefault("key", "");
        if (key.isEmpty()) {
            throw new SyncException(file + ": realm " + title + " has no key");
        }
        String key2 = entries.getOrDefault("key2", "");
        SortedMap<String, String> clusters = new TreeMap<>();
        entries.forEach(
                (name, value) -> {
                    if (name.startsWith(CLUSTER)) {
                        String cluster = upper(name.substring(CLUSTER.length()));
                        clusters.put(cluster, endpoint(file, title, value));
                    }
                });
        return new Realm(
                key, key2.isEmpty() ? null : key2, Collections.unmodifiableSortedMap(clusters));
    }

    private static String endpoint(String file, String title, String value) {
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            throw new SyncException(
                    "%s: a cluster of realm %s is no URL: %s".formatted(file, title, value));
        }
        return value.replaceFirst("/+$", "");
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    public boolean isEmpty() {
        return realms.isEmpty();
    }

    Optional<Realm> realm(String name) {
        return Optional.ofNullable(realms.get(upper(name)));
    }

    /** The names of the clusters of each realm. */
    public SortedMap<String, SortedSet<String>> clusters() {
        SortedMap<String, SortedSet<String>> names = new TreeMap<>();
        realms.forEach((name, realm) -> names.put(name, new TreeSet<>(realm.clusters().keySet())));
        return names;
    }

    /** Without the secrets, so that they do not get into a log. */
    @Override
    public String toString() {
        return "SyncRealms" + realms;
    }
}
