package io.varve.dr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.projections.Checkpoint;
import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewDamagedException;
import io.varve.projections.ViewException;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.RowName;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class ViewVerificationTest {
    private static final int OBJECT_COUNT = 50;

    @TempDir private Path root;
    private final ListedRecords records = ListedRecords.ofObjects(OBJECT_COUNT);
    private ViewDirectory directory = new ViewDirectory(Path.of("unset"));

    @BeforeEach
    void makeView() {
        directory = new ViewDirectory(root);
        try (RocksViewStore store = directory.openLive(RocksConfig.DEFAULT)) {
            NamespaceReplay.replay(records, store, records.endPosition(), position -> {});
        }
    }

    private VerificationReport verify() {
        return new ViewVerification(() -> records, directory, RocksConfig.DEFAULT)
                .run((position, through) -> {});
    }

    private Checkpoint rebuild() {
        return new ViewRebuild(records, directory, RocksConfig.DEFAULT)
                .run((position, through) -> {});
    }

    /** The rows of current objects. */
    private static List<RowChange> objects(RocksViewStore store) {
        List<RowChange> rows = new ArrayList<>();
        try (ViewCursor cursor = store.scan(new byte[] {'o'}, new byte[] {'o' + 1})) {
            for (; cursor.valid(); cursor.next()) {
                rows.add(new RowChange(cursor.key(), cursor.value()));
            }
        }
        return rows;
    }

    @Test
    void passesOnAViewThatIsWhatTheJournalSays() throws IOException {
        VerificationReport report = verify();
        assertTrue(report.passed(), report.toString());
        assertEquals(OBJECT_COUNT + 1, report.position());
        assertEquals(List.of(), report.differences());
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(List.of(directory.live()), left.filter(Files::isDirectory).toList());
        }
    }

    @Test
    void verifiesAViewThatIsBehindTheJournalUpToWhereItStands() {
        records.put("later");
        VerificationReport report = verify();
        assertTrue(report.passed());
        assertEquals(OBJECT_COUNT + 1, report.position());
        assertEquals(OBJECT_COUNT + 2, report.endPosition());
    }

    @Test
    void verifiesWhatIsOnMediaWhileTheViewIsInUse() {
        try (RocksViewStore live = directory.openLive(RocksConfig.DEFAULT)) {
            records.put("unflushed");
            NamespaceReplay.replay(records, live, records.endPosition(), position -> {});
            live.write(List.of(new RowChange(new byte[] {'o', 1}, new byte[] {1})));
            assertTrue(verify().passed());
        }
    }

    @Test
    void looksForTheJournalsEndAfterTheViewWasOpened() {
        ViewVerification verification =
                new ViewVerification(
                        () -> {
                            records.put("meanwhile");
                            return records;
                        },
                        directory,
                        RocksConfig.DEFAULT);
        VerificationReport report = verification.run((position, through) -> {});
        assertTrue(report.passed());
        assertEquals(OBJECT_COUNT + 2, report.endPosition());
    }

    @Test
    void saysWhenTheDigestThatIsKeptIsWrong() {
        try (RocksViewStore live = directory.openLive(RocksConfig.DEFAULT)) {
            byte[] checkpoint = live.get(new byte[] {0, 'c'});
            assertNotNull(checkpoint);
            checkpoint[checkpoint.length - 1] ^= 1;
            live.write(List.of(new RowChange(new byte[] {0, 'c'}, checkpoint)));
        }
        VerificationReport report = verify();
        assertFalse(report.passed());
        assertEquals(0, report.differenceCount());
        assertTrue(
                VerificationText.toText(report)
                        .contains(
                                "0 rows differ, and the digest it keeps is not that of its rows"));
    }

    @Test
    void namesTheRowsThatDiffer() {
        try (RocksViewStore live = directory.openLive(RocksConfig.DEFAULT)) {
            List<RowChange> objects = objects(live);
            byte[] value = objects.get(1).value();
            assertNotNull(value);
            live.write(
                    List.of(
                            new RowChange(objects.get(0).key(), null),
                            new RowChange(objects.get(2).key(), value)));
        }
        VerificationReport report = verify();
        assertFalse(report.passed());
        assertEquals(
                List.of(
                        new ViewDifference(
                                ViewDifference.Kind.MISSING,
                                new RowName("current object", 1, "key-0")),
                        new ViewDifference(
                                ViewDifference.Kind.DIFFERENT,
                                new RowName("current object", 1, "key-10"))),
                report.differences());
        assertTrue(
                VerificationText.toText(report).contains("missing  current object  1  \"key-0\""));
        assertTrue(VerificationText.toJson(report).contains("\"differenceCount\":2"));
    }

    @Test
    void namesARowThatTheJournalDoesNotMake() {
        try (RocksViewStore live = directory.openLive(RocksConfig.DEFAULT)) {
            List<RowChange> objects = objects(live);
            byte[] key = objects.getLast().key().clone();
            key[key.length - 1] = '"';
            live.write(List.of(new RowChange(key, objects.getLast().value())));
        }
        VerificationReport report = verify();
        assertEquals(1, report.differenceCount());
        ViewDifference difference = report.differences().getFirst();
        assertEquals(ViewDifference.Kind.UNEXPECTED, difference.kind());
        assertTrue(VerificationText.toJson(report).contains("\"key\":\"key-\\\"\""));
    }

    @Test
    void saysWhenTheViewIsAheadOfTheJournal() {
        ListedRecords shorter = ListedRecords.ofObjects(3);
        ViewVerification verification =
                new ViewVerification(() -> shorter, directory, RocksConfig.DEFAULT);
        assertThrows(ViewException.class, () -> verification.run((position, through) -> {}));
    }

    @Test
    void saysWhenThereIsNoView() {
        ViewVerification verification =
                new ViewVerification(
                        () -> records,
                        new ViewDirectory(root.resolve("none")),
                        RocksConfig.DEFAULT);
        assertThrows(ViewException.class, () -> verification.run((position, through) -> {}));
    }

    @Test
    void rebuildsAViewThatIsWrongAndOneThatCannotBeOpened() throws IOException {
        try (RocksViewStore live = directory.openLive(RocksConfig.DEFAULT)) {
            live.write(List.of(new RowChange(objects(live).getFirst().key(), null)));
        }
        assertFalse(verify().passed());
        assertEquals(OBJECT_COUNT + 1, rebuild().position());
        assertTrue(verify().passed());
        Files.writeString(directory.live().resolve("CURRENT"), "nonsense\n");
        assertThrows(ViewDamagedException.class, this::verify);
        rebuild();
        assertTrue(verify().passed());
        try (Stream<Path> left = Files.list(root)) {
            assertEquals(List.of(directory.live()), left.filter(Files::isDirectory).toList());
        }
    }

    @Test
    void rebuildsWhatAnInterruptedRebuildLeft() throws IOException {
        Path left = Files.createDirectories(root.resolve("namespace.rebuilding"));
        Files.writeString(left.resolve("CURRENT"), "nonsense\n");
        assertEquals(OBJECT_COUNT + 1, rebuild().position());
        assertTrue(verify().passed());
    }
}
