package io.varve.endpoint.config;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of a file, matched with the keys. Collects what is wrong instead of stopping at the
 * first.
 */
final class ConfigValues {
    /** Further away than this, a suggestion is no help. */
    private static final int SUGGESTION_MAX_EDITS = 4;

    private final Map<String, ConfigFile.Entry> byKey = new HashMap<>();
    private final Map<Integer, ConfigFile.Entry> devices = new LinkedHashMap<>();
    private final Map<String, ConfigFile.Entry> kafkaClient = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    ConfigValues(ConfigFile file) {
        problems.addAll(file.problems());
        for (ConfigFile.Entry entry : file.entries()) {
            add(entry);
        }
    }

    private void add(ConfigFile.Entry entry) {
        String key = entry.key();
        if (key.startsWith(ConfigKeys.DEVICE_PREFIX)) {
            String number = key.substring(ConfigKeys.DEVICE_PREFIX.length());
            if (number.matches("\\d{1,5}")) {
                noteTwice(entry, devices.put(Integer.valueOf(number), entry));
                return;
            }
        }
        if (key.startsWith(JournalKeys.CLIENT_PREFIX)) {
            String setting = key.substring(JournalKeys.CLIENT_PREFIX.length());
            noteTwice(entry, kafkaClient.put(setting, entry));
            return;
        }
        if (!ConfigKeys.NAMES.contains(key)) {
            problems.add(entry.where() + ": unknown key " + key + suggestion(key));
            return;
        }
        noteTwice(entry, byKey.put(key, entry));
    }

    private void noteTwice(ConfigFile.Entry entry, ConfigFile.@Nullable Entry before) {
        if (before != null) {
            problems.add(
                    "%s: %s is set already at %s"
                            .formatted(entry.where(), entry.key(), before.where()));
        }
    }

    private static String suggestion(String key) {
        String nearest = "";
        int fewest = SUGGESTION_MAX_EDITS + 1;
        for (String name : ConfigKeys.NAMES) {
            int edits = EditDistance.between(key, name);
            if (edits < fewest) {
                fewest = edits;
                nearest = name;
            }
        }
        return nearest.isEmpty() ? "" : "; did you mean " + nearest + "?";
    }

    /** The value of a key that always has one; its default also when the text is wrong. */
    <T> T get(ConfigKey<T> key) {
        T value = find(key);
        return value == null ? parseDefault(key) : value;
    }

    /** The value that the file gives, or null. */
    <T> @Nullable T find(ConfigKey<T> key) {
        ConfigFile.Entry entry = byKey.get(key.name());
        if (entry == null) {
            return null;
        }
        try {
            return key.type().parse(entry.value());
        } catch (ValueException e) {
            String problem = "%s: %s = %s: %s";
            String text =
                    problem.formatted(entry.where(), key.name(), entry.value(), e.getMessage());
            if (!problems.contains(text)) {
                problems.add(text);
            }
            return null;
        }
    }

    private static <T> T parseDefault(ConfigKey<T> key) {
        try {
            return key.type().parse(key.absent());
        } catch (ValueException e) {
            throw new IllegalStateException("the default of " + key.name() + " is wrong", e);
        }
    }

    /** By the names that Kafka gives them. */
    Map<String, ConfigFile.Entry> kafkaClient() {
        return kafkaClient;
    }

    Map<Integer, ConfigFile.Entry> devices() {
        return devices;
    }

    /** Something is wrong between keys; told at the line of this one if it is set. */
    void problem(ConfigKey<?> key, String message) {
        ConfigFile.Entry entry = byKey.get(key.name());
        problem(entry == null ? "configuration" : entry.where(), message);
    }

    void problem(String where, String message) {
        problems.add(where + ": " + message);
    }

    void throwIfAny() {
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }
}
