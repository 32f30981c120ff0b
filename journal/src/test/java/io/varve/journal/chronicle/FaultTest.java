package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.JournalException;
import io.varve.journal.JournalFullException;
import io.varve.journal.StoredReader;
import io.varve.journal.chronicle.JournalEvent.MirrorCaughtUp;
import io.varve.journal.chronicle.JournalEvent.MirrorDropped;
import io.varve.journal.chronicle.JournalEvent.SpaceExhausted;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Media that fail, hang or are full while the journal is open. */
class FaultTest {
    @TempDir Path directory;

    private final List<JournalEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final ChangeGenerator changes = new ChangeGenerator(3);

    private List<Path> mirrors(int count) {
        List<Path> mirrors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mirrors.add(directory.resolve("mirror-" + i));
        }
        return mirrors;
    }

    private ChronicleJournal open(List<Path> mirrors, JournalMedia media, long timeoutMs) {
        return ChronicleJournal.open(
                Recovered.config(mirrors, new ArrayList<>())
                        .withLimits(Recovered.withMirrorTimeout(timeoutMs))
                        .withEvents(events::add),
                media);
    }

    private void append(ChronicleJournal journal, int count) {
        List<CompletableFuture<JournalRecord>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(journal.append(changes.draft()));
        }
        futures.forEach(CompletableFuture::join);
    }

    private <E extends JournalEvent> List<E> told(Class<E> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    @Test
    void goesOnWithAMajorityWhenAMirrorFailsAndCatchesItUpAtTheNextStart() {
        List<Path> mirrors = mirrors(3);
        FaultyMedia media = new FaultyMedia(mirrors.get(1));
        try (ChronicleJournal journal = open(mirrors, media, 60_000)) {
            append(journal, 20);
            media.fail();
            append(journal, 50);
            assertEquals(70, journal.endPosition());
        }
        assertEquals(
                List.of(mirrors.get(1)),
                told(MirrorDropped.class).stream().map(MirrorDropped::directory).toList());

        events.clear();
        try (ChronicleJournal journal = open(mirrors, new FastMedia(), 60_000)) {
            assertEquals(70, journal.endPosition());
            assertTrue(journal.verify(1, 70).isIntact());
        }
        MirrorCaughtUp caughtUp = told(MirrorCaughtUp.class).getFirst();
        assertEquals(mirrors.get(1), caughtUp.directory());
        assertEquals(70, caughtUp.lastPosition());
    }

    @Test
    @Timeout(60)
    void goesOnWithAMajorityWhenAMirrorHangs() {
        List<Path> mirrors = mirrors(3);
        FaultyMedia media = new FaultyMedia(mirrors.get(2));
        ChronicleJournal journal = open(mirrors, media, 300);
        try {
            append(journal, 5);
            media.hang();
            long end = 5;
            while (told(MirrorDropped.class).isEmpty()) {
                append(journal, 30);
                end += 30;
                assertEquals(end, journal.endPosition());
            }
        } finally {
            journal.close();
            media.release();
        }
        assertEquals(
                List.of(mirrors.get(2)),
                told(MirrorDropped.class).stream().map(MirrorDropped::directory).toList());
    }

    @Test
    void refusesAppendsButStillReadsWhenTheOnlyDirectoryFails() {
        List<Path> mirrors = mirrors(1);
        FaultyMedia media = new FaultyMedia(mirrors.getFirst());
        try (ChronicleJournal journal = open(mirrors, media, 60_000)) {
            append(journal, 200);
            media.fail();
            CompletionException failed =
                    assertThrows(
                            CompletionException.class,
                            () -> journal.append(changes.draft()).join());
            assertInstanceOf(JournalException.class, failed.getCause());
            assertThrows(CompletionException.class, () -> journal.append(changes.draft()).join());
            assertEquals(200, journal.endPosition());
            try (StoredReader frames = journal.stored(1)) {
                assertEquals(200, frames.next(1000, Long.MAX_VALUE).size());
            }
        }
        assertEquals(200, Recovered.from(mirrors, new FastMedia()).records().size());
    }

    @Test
    void refusesAppendsWhenNoMajorityIsLeft() {
        List<Path> mirrors = mirrors(2);
        FaultyMedia media = new FaultyMedia(mirrors.get(1));
        try (ChronicleJournal journal = open(mirrors, media, 60_000)) {
            append(journal, 10);
            media.fail();
            assertThrows(CompletionException.class, () -> journal.append(changes.draft()).join());
            try (StoredReader frames = journal.stored(1)) {
                assertEquals(10, frames.next(1000, Long.MAX_VALUE).size());
            }
        }
        assertTrue(Recovered.from(mirrors, new FastMedia()).records().size() >= 10);
    }

    @Test
    void refusesToOpenWithoutAMajority() {
        List<Path> mirrors = mirrors(3);
        open(mirrors, new FastMedia(), 60_000).close();
        List<Path> two = List.of(directory.resolve("other-1"), directory.resolve("other-2"));
        JournalException refused =
                assertThrows(
                        JournalException.class,
                        () ->
                                open(
                                        List.of(mirrors.getFirst(), two.get(0), two.get(1)),
                                        new FastMedia(),
                                        60_000));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("too few of the mirrors"),
                refused.getMessage());
    }

    /** Where a disk is not mounted there is an empty directory, or none: neither is touched. */
    @Test
    void goesOnWithoutADirectoryThatIsNotMountedAndCatchesItUpWhenItIsBack() throws IOException {
        List<Path> mirrors = mirrors(3);
        try (ChronicleJournal journal = open(mirrors, new FastMedia(), 60_000)) {
            append(journal, 20);
        }
        Path away = directory.resolve("away");
        for (boolean mountPoint : new boolean[] {false, true}) {
            Files.move(mirrors.get(2), away);
            if (mountPoint) {
                Files.createDirectory(mirrors.get(2));
            }
            long end;
            try (ChronicleJournal journal = openExisting(mirrors)) {
                append(journal, 30);
                end = journal.endPosition();
            }
            if (mountPoint) {
                Files.delete(mirrors.get(2));
            }
            Files.move(away, mirrors.get(2));
            events.clear();
            try (ChronicleJournal journal = openExisting(mirrors)) {
                assertEquals(end, journal.endPosition());
                assertTrue(journal.verify(1, end).isIntact());
            }
            MirrorCaughtUp caughtUp = told(MirrorCaughtUp.class).getFirst();
            assertEquals(mirrors.get(2), caughtUp.directory());
            assertEquals(end, caughtUp.lastPosition());
        }
    }

    @Test
    void makesAnEmptyDirectoryAMirrorOnlyWhenItIsMarked() throws IOException {
        List<Path> mirrors = mirrors(3);
        try (ChronicleJournal journal = open(mirrors, new FastMedia(), 60_000)) {
            append(journal, 40);
        }
        Recovered.deleteTree(mirrors.get(0));
        Files.createDirectory(mirrors.get(0));
        openExisting(mirrors).close();
        try (Stream<Path> files = Files.list(mirrors.get(0))) {
            assertEquals(0, files.count());
        }
        Path marker = Files.createFile(mirrors.get(0).resolve(Mirror.NEW_MIRROR));
        try (ChronicleJournal journal = openExisting(mirrors)) {
            assertEquals(40, journal.endPosition());
            assertTrue(journal.verify(1, 40).isIntact());
        }
        assertTrue(Files.notExists(marker));
        Recovered.deleteTree(mirrors.get(1));
        assertEquals(40, Recovered.from(mirrors, new FastMedia()).records().size());
    }

    private ChronicleJournal openExisting(List<Path> mirrors) {
        return ChronicleJournal.open(
                Recovered.config(mirrors, new ArrayList<>())
                        .withMayCreate(false)
                        .withEvents(events::add),
                new FastMedia());
    }

    /** One full disk of three is like one that fails: what the others take is acknowledged. */
    @Test
    void goesOnWithAMajorityWhenAMirrorIsFullAndCatchesItUpWhenThereIsSpace() {
        List<Path> mirrors = mirrors(3);
        FaultyMedia media = new FaultyMedia(mirrors.getFirst());
        try (ChronicleJournal journal = open(mirrors, media, 60_000)) {
            append(journal, 20);
            media.spaceOfFaulty(0);
            append(journal, 200);
            assertEquals(220, journal.endPosition());
        }
        List<MirrorDropped> dropped = told(MirrorDropped.class);
        assertEquals(1, dropped.size(), dropped::toString);
        assertEquals(mirrors.getFirst(), dropped.getFirst().directory());
        assertTrue(dropped.getFirst().reason().contains("No space left"), dropped::toString);

        events.clear();
        try (ChronicleJournal journal = open(mirrors, new FastMedia(), 60_000)) {
            assertEquals(220, journal.endPosition());
            assertTrue(journal.verify(1, 220).isIntact());
        }
        assertEquals(mirrors.getFirst(), told(MirrorCaughtUp.class).getFirst().directory());
    }

    @Test
    void takesDeletesFromTheReserveWhenTheDiskIsFullAndAllAgainWhenThereIsSpace() {
        List<Path> mirrors = mirrors(1);
        FaultyMedia media = new FaultyMedia(mirrors.getFirst());
        try (ChronicleJournal journal = open(mirrors, media, 60_000)) {
            append(journal, 10);
            media.space(0);
            int written = appendUntilFull(journal);
            assertTrue(written < 1000);
            assertTrue(told(SpaceExhausted.class).size() > 0);
            for (int i = 0; i < 5; i++) {
                journal.append(delete()).join();
            }
            assertFull(journal);

            media.space(1 << 20);
            append(journal, 20);
            assertEquals(10 + written + 5 + 20, journal.endPosition());
        }
        try (ChronicleJournal journal = open(mirrors, new FastMedia(), 60_000)) {
            assertTrue(journal.verify(1, Long.MAX_VALUE).isIntact());
        }
    }

    private int appendUntilFull(ChronicleJournal journal) {
        for (int written = 0; written < 1000; written++) {
            CompletableFuture<JournalRecord> future =
                    journal.append(changes.draft(changes.change(3)));
            try {
                future.join();
            } catch (CompletionException e) {
                assertInstanceOf(JournalFullException.class, e.getCause());
                return written;
            }
        }
        return 1000;
    }

    private void assertFull(ChronicleJournal journal) {
        CompletionException full =
                assertThrows(
                        CompletionException.class,
                        () -> journal.append(changes.draft(changes.change(3))).join());
        assertInstanceOf(JournalFullException.class, full.getCause());
    }

    private Draft delete() {
        return changes.draft(new ObjectChange.DeleteObject(1, "key", null, Precondition.NONE));
    }
}
