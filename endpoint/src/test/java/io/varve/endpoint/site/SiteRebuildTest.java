package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.StoredReader;
import io.varve.journal.archive.DirectoryArchiveStore;
import io.varve.journal.archive.JournalArchive;
import io.varve.journal.chronicle.JournalLimits;
import io.varve.journal.chronicle.ReadOnlyJournal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A site that has lost all but its devices, and the archive that was made while it ran. */
final class SiteRebuildTest {
    private static final int OBJECT_COUNT = 20;

    @TempDir Path directory;

    private SiteStack stack;
    private SiteObjects objects;

    @BeforeEach
    void fillAndArchive() throws IOException {
        stack = new SiteStack(SiteStack.small(directory.resolve("site")));
        objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i, 1000 + i);
        }
        objects.delete("k8");
        archive();
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private JournalArchive open() {
        return JournalArchive.open(new DirectoryArchiveStore(directory.resolve("archive")));
    }

    private void archive() {
        ReadOnlyJournal journal =
                ReadOnlyJournal.open(
                        stack.config().journalDirectories(), JournalLimits.DEFAULT, event -> {});
        JournalArchive archive = open();
        try (StoredReader records = journal.stored(archive.endPosition() + 1)) {
            archive.add(
                    journal.siteId(),
                    records,
                    journal.agreedPosition().orElseThrow(),
                    position -> {});
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.exists(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private void loseAllButDevices() throws IOException {
        for (Path journal : stack.config().journalDirectories()) {
            delete(journal);
        }
        delete(stack.config().viewDirectory());
        delete(stack.config().directory().resolve("site"));
    }

    private long rebuild() {
        return new SiteRebuild(stack.config(), open(), position -> {}).run();
    }

    private void requireAllIsThere() throws IOException {
        assertFalse(objects.exists("k8"));
        for (int i = 0; i < OBJECT_COUNT; i++) {
            if (i != 8) {
                objects.requireReadable("k" + i, 1000 + i);
            }
        }
    }

    @Test
    void comesBackFromArchiveAndDevicesAndGoesOn() throws IOException {
        assertThrows(SiteException.class, this::rebuild, "it runs");
        stack.close();
        assertThrows(SiteException.class, this::rebuild, "it has a journal");
        loseAllButDevices();
        assertEquals(open().endPosition(), rebuild());
        stack.reopen();
        requireAllIsThere();
        objects.put("new", 5000);
        objects.requireReadable("new", 5000);
        archive();
        stack.close();
        loseAllButDevices();
        assertEquals(open().endPosition(), rebuild());
        stack.reopen();
        requireAllIsThere();
        objects.requireReadable("new", 5000);
    }

    /** Dies after the records, after the id, and with some mirrors in place. */
    @Test
    void whereverItIsInterruptedItGoesOn() throws IOException {
        stack.close();
        loseAllButDevices();
        assertThrows(
                IllegalStateException.class,
                () ->
                        new SiteRebuild(
                                        stack.config(),
                                        open(),
                                        position -> {
                                            throw new IllegalStateException("killed");
                                        })
                                .run());
        Path journal = stack.config().journalDirectories().getFirst();
        assertFalse(Files.exists(journal));
        assertTrue(Files.exists(journal.resolveSibling(journal.getFileName() + ".rebuilt")));
        rebuild();
        Files.move(journal, journal.resolveSibling(journal.getFileName() + ".rebuilt"));
        assertThrows(RuntimeException.class, () -> stack.reopen(), "no journal in its place");
        rebuild();
        stack.reopen();
        requireAllIsThere();
    }

    @Test
    void theDevicesOfAnotherSiteAreNotItsOwn() throws IOException {
        stack.close();
        SiteStack other = new SiteStack(SiteStack.small(directory.resolve("other")));
        SiteConfig config = other.config();
        other.close();
        for (Path journal : config.journalDirectories()) {
            delete(journal);
        }
        assertThrows(
                SiteException.class, () -> new SiteRebuild(config, open(), position -> {}).run());
    }
}
