package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.site.SiteLock;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.RequestId;
import io.varve.projections.RowChange;
import io.varve.projections.namespace.NamespaceConfig;
import io.varve.projections.namespace.NamespaceHost;
import io.varve.projections.namespace.VerificationScratch;
import io.varve.projections.namespace.ViewDirectory;
import io.varve.projections.rocks.RocksConfig;
import io.varve.projections.rocks.RocksViewStore;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

final class ViewCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir private Path data;

    @BeforeEach
    void makeSite() throws Exception {
        JournalConfig config =
                JournalConfig.of(List.of(data.resolve("journal")), UUID.randomUUID());
        try (ChronicleJournal journal = ChronicleJournal.open(config);
                NamespaceHost host =
                        NamespaceHost.open(
                                journal,
                                views(),
                                RocksConfig.DEFAULT,
                                NamespaceConfig.DEFAULT,
                                event -> {})) {
            for (int i = 0; i < 20; i++) {
                host.submit(
                                new Draft(
                                        new RequestId(1, i),
                                        "alice",
                                        new BucketChange.CreateBucket("bucket-" + i, "alice")))
                        .get(20, TimeUnit.SECONDS);
            }
        }
    }

    private ViewDirectory views() {
        return new ViewDirectory(data.resolve("view"));
    }

    private int view(String... arguments) {
        List<String> all = new ArrayList<>(List.of("view"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--data", data.toString()));
        String[] array = all.toArray(String[]::new);
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return VarveMain.commandLine(array)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(array);
    }

    /** A bit in the first block of each table, which opening does not read. */
    private void flipBits() throws IOException {
        try (Stream<Path> files = Files.list(views().live())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".sst")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[30] ^= 1;
                Files.write(file, bytes);
            }
        }
    }

    private void spoil() {
        try (RocksViewStore store = views().openLive(RocksConfig.DEFAULT)) {
            store.write(
                    List.of(
                            new RowChange(
                                    new byte[] {'o', 0, 0, 0, 0, 0, 0, 0, 1, 'x'}, new byte[3])));
        }
    }

    @Test
    void verifyPassesOnAViewThatIsRight() {
        assertEquals(0, view("verify"), err::toString);
        assertTrue(out.toString().contains("position       20 of 20"), out.toString());
        assertEquals(0, view("verify", "--json"));
        assertTrue(out.toString().startsWith("{\"passed\":true,\"position\":20"), out.toString());
    }

    @Test
    void verifyFailsAndNamesTheRow() {
        spoil();
        assertEquals(1, view("verify"));
        assertTrue(out.toString().contains("unexpected  current object  1  \"x\""), out.toString());
    }

    @Test
    void verifySaysThatAViewIsDamagedAndRebuildCuresIt() throws IOException {
        flipBits();
        assertEquals(1, view("verify", "--json"));
        assertTrue(out.toString().startsWith("{\"passed\":false,\"fault\":\""), out.toString());
        assertTrue(err.toString().contains("varve: view is damaged"), err.toString());
        assertEquals(0, view("rebuild"));
        assertEquals(0, view("verify"));
    }

    @Test
    void verifyWorksWhileTheSiteIsInUse() throws IOException {
        try (SiteLock _ = SiteLock.take(data)) {
            assertEquals(0, view("verify"), err::toString);
        }
    }

    @Test
    void oneVerificationAtATime() {
        try (VerificationScratch _ = views().beginVerification()) {
            assertEquals(1, view("verify"));
        }
        assertTrue(err.toString().contains("another verification is under way"), err.toString());
        assertEquals(0, view("verify"));
    }

    @Test
    void noViewIsOneLineAndRebuildMakesIt() {
        views().setLiveAside();
        assertEquals(1, view("verify"));
        assertEquals(
                "varve: view not verified: there is no view: " + views().live(),
                err.toString().strip());
        assertEquals(0, view("rebuild"));
        assertEquals(0, view("verify"));
    }

    @Test
    void tellsHowFarItIs() {
        assertEquals(0, view("rebuild"));
        assertEquals(
                List.of("replayed 0 of 20 records (0 %)", "replayed 20 of 20 records (100 %)"),
                err.toString().lines().toList());
    }

    @Test
    void wrongOptionsAreAUsageError() {
        assertEquals(2, view("verify", "--nonsense"));
        assertEquals(2, view());
    }

    @Test
    void rebuildMakesTheViewRight() {
        spoil();
        assertEquals(0, view("rebuild", "--json"), err::toString);
        assertTrue(out.toString().startsWith("{\"position\":20,\"digest\":\""), out.toString());
        assertEquals(0, view("verify"), out::toString);
    }

    @Test
    void rebuildKeepsOutOfASiteThatIsInUse() throws IOException {
        try (SiteLock _ = SiteLock.take(data)) {
            assertEquals(1, view("rebuild"));
        }
        assertEquals(
                "varve: view not rebuilt: the data directory is in use: " + data.toAbsolutePath(),
                err.toString().strip());
    }

    @Test
    void noSiteIsOneLine() {
        data = data.resolve("nowhere");
        assertEquals(1, view("verify"));
        assertEquals("varve: no site here: " + data, err.toString().strip());
    }
}
