package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.JournalException;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredJournalContract;
import io.varve.journal.StoredRecord;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

class ChronicleStoredJournalTest extends StoredJournalContract {
    /** Only one in so many steps is crashed, more of them in a slow run. */
    private static final int SPARSER = Integer.getInteger("varve.cut.every", 7);

    @TempDir Path directory;

    @Override
    protected StoredJournal open(String site, boolean follows) {
        return ChronicleJournal.open(config(site, 1).withFollows(follows));
    }

    private JournalConfig config(String site, int mirrorCount) {
        List<Path> mirrors = new ArrayList<>();
        for (int i = 0; i < mirrorCount; i++) {
            mirrors.add(directory.resolve(site + "-" + i));
        }
        UUID id = UUID.nameUUIDFromBytes(site.getBytes(StandardCharsets.UTF_8));
        return JournalConfig.of(mirrors, id).withLimits(Recovered.SMALL).withEvents(event -> {});
    }

    @Test
    void aCutLeavesExactlyThePrefix() {
        for (int position : new int[] {0, 40, 41, 119}) {
            JournalConfig config = config("cut-at-" + position, 1);
            List<StoredRecord> before = written(config);
            ChronicleJournal.cut(config, position);
            ChronicleJournal.cut(config, position);
            try (ChronicleJournal journal = ChronicleJournal.open(config.withFollows(true))) {
                assertEquals(position, journal.endPosition());
                assertTrue(journal.verify(1, position).isIntact());
                if (position > 0) {
                    assertArrayEquals(
                            before.get(position - 1).chain(), journal.chainHash(position));
                }
                journal.appendStored(before.subList(position, before.size()));
                assertEquals(before.size(), journal.endPosition());
            }
        }
    }

    @Test
    void aCutBehindTheEndIsRefused() {
        JournalConfig config = config("short", 1);
        written(config);
        assertThrows(JournalException.class, () -> ChronicleJournal.cut(config, 121));
    }

    /** Three cycles of 40 records. */
    private static List<StoredRecord> written(JournalConfig config) {
        for (int cycle = 0; cycle < 3; cycle++) {
            try (ChronicleJournal journal = ChronicleJournal.open(config)) {
                appendSome(journal, cycle, 40);
            }
        }
        try (ChronicleJournal journal = ChronicleJournal.open(config)) {
            return stored(journal, 1);
        }
    }

    @Test
    void aCutThatThePowerEndsIsDoneAgain() throws IOException {
        JournalConfig config = config("power", 3);
        List<StoredRecord> before = written(config);
        CrashDisk disk = new CrashDisk(directory);
        SplittableRandom random = new SplittableRandom(77);
        List<String> failures = new ArrayList<>();
        int[] checked = {0};
        disk.observe(
                step -> {
                    if (checked[0]++ % SPARSER != 0) {
                        return;
                    }
                    try {
                        checkCrashed(config, disk, random, before);
                    } catch (RuntimeException | AssertionError e) {
                        failures.add(step + ": " + e);
                    }
                });
        ChronicleJournal.cut(config, 47, disk);
        disk.observe(step -> {});
        assertEquals(List.of(), failures);
        assertTrue(checked[0] > 20, "steps=" + checked[0]);
    }

    private void checkCrashed(
            JournalConfig config,
            CrashDisk disk,
            SplittableRandom random,
            List<StoredRecord> before) {
        Path image = directory.resolve("image");
        List<Path> copies = new ArrayList<>();
        for (Path mirror : config.directories()) {
            Path copy = image.resolve(mirror.getFileName().toString());
            disk.crash(mirror, random).writeTo(copy);
            copies.add(copy);
        }
        JournalConfig again =
                JournalConfig.of(copies, config.siteId())
                        .withLimits(Recovered.SMALL)
                        .withEvents(event -> {});
        ChronicleJournal.cut(again, 47);
        try (ChronicleJournal journal = ChronicleJournal.open(again.withFollows(true))) {
            assertEquals(47, journal.endPosition());
            assertArrayEquals(before.get(46).chain(), journal.chainHash(47));
        }
        Recovered.deleteTree(image);
    }
}
