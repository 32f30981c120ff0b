package io.varve.endpoint.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Which site a data directory belongs to, in the file {@value #FILE_NAME}:
 *
 * <pre>
 * varve-site 1
 * id 123e4567-e89b-12d3-a456-426614174000
 * state new | started
 * </pre>
 *
 * <p>While it is {@code new}, journal and devices may be made where there is nothing; it becomes
 * {@code started} once all of them are there. From then on an empty directory is a loss to be told,
 * never a place to begin anew.
 *
 * @param started whether the site has been open once
 */
record SiteIdentity(UUID id, boolean started) {
    static final String FILE_NAME = "site";

    private static final String FORM = "varve-site 1";

    /** Reads the identity; a directory without one gets a new one. */
    static SiteIdentity of(Path directory) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (Files.exists(file)) {
            return read(file);
        }
        SiteIdentity fresh = new SiteIdentity(UUID.randomUUID(), false);
        fresh.write(directory);
        return fresh;
    }

    private static SiteIdentity read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() != 3
                || !lines.get(0).equals(FORM)
                || !lines.get(1).startsWith("id ")
                || !List.of("state new", "state started").contains(lines.get(2))) {
            throw new SiteException("not the identity of a site, or of a newer form: " + file);
        }
        try {
            UUID id = UUID.fromString(lines.get(1).substring("id ".length()));
            return new SiteIdentity(id, lines.get(2).equals("state started"));
        } catch (IllegalArgumentException e) {
            throw new SiteException("the site's id is damaged: " + file, e);
        }
    }

    /** That of a site which other processes serve already: it has its journal and devices. */
    static SiteIdentity joins(UUID id, Path directory) throws IOException {
        SiteIdentity joined = new SiteIdentity(id, true);
        joined.write(directory);
        return joined;
    }

    SiteIdentity startedIn(Path directory) throws IOException {
        SiteIdentity begun = new SiteIdentity(id, true);
        begun.write(directory);
        return begun;
    }

    private void write(Path directory) throws IOException {
        DurableFile.write(
                directory.resolve(FILE_NAME),
                "%s\nid %s\nstate %s\n".formatted(FORM, id, started ? "started" : "new"));
    }
}
