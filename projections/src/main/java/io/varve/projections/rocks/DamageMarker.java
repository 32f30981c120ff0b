package io.varve.projections.rocks;

import io.varve.projections.ViewDamagedException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that says that a store has damage in it. Opening alone does not read every block, so
 * without it a store with one bad block would be opened again and again.
 */
final class DamageMarker {
    private static final System.Logger LOG = System.getLogger(DamageMarker.class.getName());

    private final Path file;

    DamageMarker(Path directory) {
        file = directory.resolve("DAMAGED");
    }

    void write(String reason) {
        try {
            Files.writeString(file, reason + "\n");
        } catch (IOException e) {
            // The damage itself is told; it will be met again after the next start.
            LOG.log(System.Logger.Level.WARNING, "damage cannot be marked: " + file, e);
        }
    }

    void check() {
        if (Files.exists(file)) {
            throw new ViewDamagedException("view store is marked as damaged: " + file);
        }
    }
}
