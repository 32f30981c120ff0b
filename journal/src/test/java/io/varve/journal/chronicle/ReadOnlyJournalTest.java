package io.varve.journal.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.RecordReader;
import io.varve.journal.chronicle.ReadOnlyJournal.MirrorEnd;
import io.varve.journal.chronicle.VerifyReport.MirrorReport;
import io.varve.journal.chronicle.VerifyReport.Problem;
import io.varve.journal.frame.FrameDescriptor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Looking at a journal from outside, while it is written to and afterwards. */
class ReadOnlyJournalTest {
    @TempDir Path directory;

    private final ChangeGenerator changes = new ChangeGenerator(4);

    private List<Path> mirrors(int count) {
        List<Path> mirrors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mirrors.add(directory.resolve("mirror-" + i));
        }
        return mirrors;
    }

    private static ChronicleJournal open(List<Path> mirrors, JournalMedia media) {
        return ChronicleJournal.open(Recovered.config(mirrors, new ArrayList<>()), media);
    }

    private void append(ChronicleJournal journal, int count) {
        for (int i = 0; i < count; i++) {
            journal.append(changes.draft()).join();
        }
    }

    private static ReadOnlyJournal look(List<Path> mirrors) {
        return ReadOnlyJournal.open(mirrors, Recovered.SMALL, event -> {});
    }

    private static MirrorEnd endOf(ReadOnlyJournal journal, Path mirror) {
        return only(journal.mirrorEnds(), MirrorEnd::directory, mirror);
    }

    private static MirrorReport reportOf(VerifyReport report, Path mirror) {
        return only(report.mirrors(), MirrorReport::directory, mirror);
    }

    private static <T> T only(List<T> all, Function<T, Path> directory, Path mirror) {
        List<T> found = all.stream().filter(each -> directory.apply(each).equals(mirror)).toList();
        assertEquals(1, found.size(), () -> mirror + ": " + all);
        return found.getFirst();
    }

    @Test
    @Timeout(60)
    void findsNothingWrongWhileTheJournalIsBeingWritten() throws InterruptedException {
        List<Path> mirrors = mirrors(3);
        try (ChronicleJournal journal = open(mirrors, new FastMedia())) {
            append(journal, 1);
            AtomicBoolean enough = new AtomicBoolean();
            Thread writer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (!enough.get()) {
                                            append(journal, 10);
                                        }
                                    });
            try {
                for (int i = 0; i < 8; i++) {
                    long before = journal.endPosition();
                    ReadOnlyJournal seen = look(mirrors);
                    VerifyReport report = seen.verify(1, Long.MAX_VALUE);
                    assertTrue(report.isIntact(), report::toString);
                    assertTrue(seen.agreedPosition().orElse(0) >= before);
                    seen.mirrorEnds().forEach(end -> assertNull(end.problem(), end::toString));
                }
            } finally {
                enough.set(true);
                writer.join();
            }
        }
    }

    @Test
    void readsTheSameRecordsWhetherTheJournalIsOpenOrClosed() {
        List<Path> mirrors = mirrors(1);
        ReadOnlyJournal whileOpen;
        try (ChronicleJournal journal = open(mirrors, new FastMedia())) {
            append(journal, 100);
            whileOpen = look(mirrors);
        }
        ReadOnlyJournal closed = look(mirrors);
        try (RecordReader one = whileOpen.read(1);
                RecordReader other = closed.read(1)) {
            assertEquals(one.next(1000), other.next(1000));
        }
        VerifyReport report = closed.verify(1, Long.MAX_VALUE);
        MirrorReport mirror = reportOf(report, mirrors.getFirst());
        assertEquals(100, mirror.recordCount());
        assertEquals(1, mirror.firstPosition());
        assertEquals(100, mirror.lastPosition());
        assertEquals(Recovered.from(mirrors, new FastMedia()).records().size(), 100);
        assertTrue(mirror.cycleCount() > 1);
        assertTrue(mirror.byteCount() > 100L * FrameDescriptor.HEADER_LENGTH);
        MirrorReport part = reportOf(closed.verify(40, 59), mirrors.getFirst());
        assertEquals(20, part.recordCount());
        assertEquals(40, part.firstPosition());
        assertEquals(59, part.lastPosition());
        assertTrue(part.byteCount() < mirror.byteCount());
    }

    /** A mirror that was dropped holds nothing wrong, but not all either: that must be said. */
    @Test
    void reportsAMirrorThatIsNoLongerWrittenTo() {
        List<Path> mirrors = mirrors(3);
        FaultyMedia media = new FaultyMedia(mirrors.get(1));
        try (ChronicleJournal journal = open(mirrors, media)) {
            append(journal, 30);
            media.fail();
            append(journal, 70);
            for (ReadOnlyJournal seen : List.of(look(mirrors), look(mirrors))) {
                assertEquals(OptionalLong.of(100), seen.agreedPosition());
                assertNull(endOf(seen, mirrors.get(0)).problem());
                assertEquals(
                        "behind: it is no longer written to",
                        endOf(seen, mirrors.get(1)).problem());
                VerifyReport report = seen.verify(1, Long.MAX_VALUE);
                assertFalse(report.isIntact());
                assertTrue(report.toPosition() >= 99, report::toString);
                assertEquals(List.of(), reportOf(report, mirrors.get(0)).problems());
                assertEquals(1, reportOf(report, mirrors.get(1)).problems().size());
            }
        }
        open(mirrors, new FastMedia()).close();
        assertTrue(look(mirrors).verify(1, Long.MAX_VALUE).isIntact(), "after the next start");
    }

    @Test
    void namesTheFileAndThePositionOfDamageInAMirrorAndReadsOn() throws IOException {
        List<Path> mirrors = mirrors(3);
        try (ChronicleJournal journal = open(mirrors, new FastMedia())) {
            append(journal, 100);
        }
        Path file = CycleDirectory.list(mirrors.get(2)).getFirst().file();
        byte[] bytes = Files.readAllBytes(file);
        int at;
        try (CycleCursor cursor = new CycleCursor(file, Recovered.RULES)) {
            assertNotNull(cursor.start());
            while (cursor.nextPosition() <= 5) {
                assertEquals(CycleCursor.Step.FRAME, cursor.next());
            }
            at = (int) cursor.offset() - 1;
        }
        bytes[at] ^= 4;
        Files.write(file, bytes);

        List<JournalEvent> events = new ArrayList<>();
        ReadOnlyJournal seen = ReadOnlyJournal.open(mirrors, Recovered.SMALL, events::add);
        VerifyReport report = seen.verify(1, Long.MAX_VALUE);
        List<Problem> problems = reportOf(report, mirrors.get(2)).problems();
        assertEquals(1, problems.size(), problems::toString);
        assertEquals(file, problems.getFirst().file());
        assertEquals(5, problems.getFirst().position());
        assertEquals("checksum mismatch", problems.getFirst().reason());
        assertFalse(report.isIntact());
        try (RecordReader records = seen.read(1)) {
            assertEquals(100, records.next(1000).size());
        }
    }

    @Test
    void saysWhichDirectoriesDoNotCount() throws IOException {
        List<Path> mirrors = mirrors(3);
        try (ChronicleJournal journal = open(mirrors, new FastMedia())) {
            append(journal, 10);
        }
        Recovered.deleteTree(mirrors.get(0));
        ReadOnlyJournal two = look(mirrors);
        assertEquals(OptionalLong.of(10), two.agreedPosition());
        assertEquals("there is no journal here", endOf(two, mirrors.get(0)).problem());
        assertFalse(two.verify(1, 10).isIntact());

        Recovered.deleteTree(mirrors.get(1));
        ReadOnlyJournal one = look(mirrors);
        assertEquals(OptionalLong.empty(), one.agreedPosition());
        assertEquals(10, one.endPosition());
    }
}
