package io.varve.endpoint.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a configuration file: {@code key = value}, comments from {@code #}, blank ones. */
final class ConfigFile {
    /** A key as it was set somewhere. */
    record Entry(String key, String value, String where) {}

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ConfigFile() {}

    static ConfigFile empty() {
        return new ConfigFile();
    }

    static ConfigFile read(Path file) {
        ConfigFile config = new ConfigFile();
        try {
            config.parse(file.toString(), Files.readAllLines(file));
        } catch (NoSuchFileException _) {
            config.problems.add(file + ": does not exist");
        } catch (MalformedInputException _) {
            config.problems.add(file + ": is not text in UTF-8");
        } catch (IOException e) {
            config.problems.add(file + ": cannot be read: " + e.getMessage());
        }
        return config;
    }

    static ConfigFile parse(String name, String text) {
        ConfigFile config = new ConfigFile();
        config.parse(name, text.lines().toList());
        return config;
    }

    private void parse(String name, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String where = name + ":" + (i + 1);
            String line = withoutComment(lines.get(i)).strip();
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals <= 0) {
                problems.add(where + ": not a line of the form key = value");
                continue;
            }
            String key = line.substring(0, equals).strip();
            entries.add(new Entry(key, line.substring(equals + 1).strip(), where));
        }
    }

    /** A comment begins at the start of a line or behind white space: values may contain "#". */
    private static String withoutComment(String line) {
        for (int i = line.indexOf('#'); i >= 0; i = line.indexOf('#', i + 1)) {
            if (i == 0 || Character.isWhitespace(line.charAt(i - 1))) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    /** Sets a key from elsewhere, e.g. the command line; it wins over the file. */
    void override(String key, String value, String where) {
        entries.removeIf(entry -> entry.key().equals(key));
        entries.add(new Entry(key, value, where));
    }

    List<Entry> entries() {
        return entries;
    }

    /** Lines that are no entries. */
    List<String> problems() {
        return problems;
    }
}
