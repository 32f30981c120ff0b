package io.varve.endpoint.site;

import io.varve.devices.pool.MissedDeletes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which devices missed deletes while they were away, in the file {@value #NAME} of the site's
 * directory:
 *
 * <pre>
 * varve-missed-deletes 1
 * 4
 * 7
 * </pre>
 */
final class MissedDeletesFile {
    static final String NAME = "missed-deletes";

    private static final String FORM = "varve-missed-deletes 1";

    private final Path file;

    MissedDeletesFile(Path siteDirectory) {
        this.file = siteDirectory.resolve(NAME);
    }

    /**
     * Reads the file, or begins it.
     *
     * @param distrusted the devices that count as having missed some when it cannot be known: the
     *     file is gone, or not whole
     */
    MissedDeletes open(Set<Integer> distrusted) throws IOException {
        Set<Integer> known = Files.exists(file) ? read(distrusted) : distrusted;
        write(known);
        return new MissedDeletes(known, this::keep);
    }

    private Set<Integer> read(Set<Integer> distrusted) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().equals(FORM)) {
            return distrusted;
        }
        Set<Integer> devices = new TreeSet<>();
        for (String line : lines.subList(1, lines.size())) {
            try {
                devices.add(Integer.parseInt(line));
            } catch (NumberFormatException e) {
                return distrusted;
            }
        }
        return devices;
    }

    private void keep(Set<Integer> devices) {
        try {
            write(devices);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(Set<Integer> devices) throws IOException {
        List<String> lines = new ArrayList<>(List.of(FORM));
        devices.forEach(id -> lines.add(Integer.toString(id)));
        DurableFile.write(file, String.join("\n", lines) + "\n");
    }
}
