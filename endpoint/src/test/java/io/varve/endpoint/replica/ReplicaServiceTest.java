package io.varve.endpoint.replica;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.dr.replica.Backlog;
import io.varve.dr.replica.Lag;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.SetAside;
import io.varve.endpoint.store.StoreException;
import io.varve.journal.StoredJournal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

final class ReplicaServiceTest {
    @TempDir private Path directory;
    private TwoSites sites;

    @BeforeEach
    void open() throws IOException {
        sites = new TwoSites(directory, "");
        sites.createBucket("a");
    }

    @AfterEach
    void close() {
        sites.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void putSome(String site, String prefix, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            sites.put(site, prefix + i, bytes(prefix + i));
        }
    }

    private void assertSameHistory() {
        StoredJournal a = sites.replica("a").journal();
        StoredJournal b = sites.replica("b").journal();
        assertEquals(a.endPosition(), b.endPosition());
        assertArrayEquals(a.chainHash(a.endPosition()), b.chainHash(b.endPosition()));
        assertEquals(sites.contents("a"), sites.contents("b"));
    }

    @Test
    @Tag("slow")
    void theStandbyHasEverythingAndGoesOnAfterEitherWasAway() throws Exception {
        putSome("a", "first/", 20);
        sites.put("a", "large", new byte[700_000]);
        sites.delete("a", "first/3");
        sites.awaitCaughtUp("b", "a");
        assertSameHistory();

        sites.stop("b");
        putSome("a", "while-away/", 20);
        sites.start("b");
        sites.awaitCaughtUp("b", "a");
        assertSameHistory();

        sites.stop("a");
        sites.start("a");
        sites.await(() -> sites.replica("a").writable());
        putSome("a", "after/", 5);
        sites.awaitCaughtUp("b", "a");
        assertSameHistory();
        assertEquals(0, sites.replica("b").lag().orElseThrow().records());
    }

    @Test
    void theStandbyServesReadsAndNamesThePrimaryToWhoeverWrites() throws Exception {
        sites.put("a", "key", bytes("value"));
        sites.awaitCaughtUp("b", "a");
        StoreException refused =
                assertThrows(StoreException.class, () -> sites.put("b", "other", bytes("value")));
        assertEquals(StoreException.Category.READ_ONLY, refused.category());
        assertTrue(String.valueOf(refused.getMessage()).contains(sites.url("a")));

        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(sites.url("b") + "/box/key")).build();
            HttpResponse<String> answer = http.send(get, HttpResponse.BodyHandlers.ofString());
            String end = Long.toString(sites.replica("a").journal().endPosition());
            assertEquals(end, answer.headers().firstValue("x-varve-position").orElse(""));
            assertEquals(sites.url("a"), answer.headers().firstValue("x-varve-primary").orElse(""));
            assertTrue(answer.headers().firstValueAsLong("x-varve-age").orElse(-1) <= 5);
        }
    }

    @Test
    @Tag("slow")
    void theStandbyIsVerifiedAgainstItsPrimaryAtOnePosition() throws Exception {
        putSome("a", "key/", 20);
        sites.put("a", "large", new byte[300_000]);
        sites.awaitCaughtUp("b", "a");
        sites.replica("b").verify(true);
        sites.await(() -> !sites.replica("b").verification().path("running").asBoolean());
        var found = sites.replica("b").verification();
        assertEquals("", found.path("failure").asText());
        assertTrue(found.at("/last_deep/same").asBoolean(), found::toString);
        assertTrue(found.at("/last_deep/passed").asBoolean(), found::toString);
        assertEquals(23, found.at("/last_deep/blobs").asLong());
        assertEquals(
                sites.replica("a").journal().endPosition(),
                found.at("/last_deep/position").asLong());
        assertThrows(ReplicaException.class, () -> sites.replica("a").verify(false));
    }

    @Test
    void withoutATokenNothingIsGiven() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (String token : List.of("", "vr1.wrong")) {
                HttpRequest.Builder keys =
                        HttpRequest.newBuilder(
                                URI.create(sites.url("a") + ReplicaEndpoint.PATH + "/keys"));
                if (!token.isEmpty()) {
                    keys.header(ReplicaEndpoint.TOKEN_HEADER, token);
                }
                HttpResponse<String> answer =
                        http.send(keys.build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(401, answer.statusCode());
            }
        }
    }

    @Test
    @Tag("slow")
    void aPlannedPromotionLosesNothingAndTheOldPrimaryFollows() throws Exception {
        putSome("a", "before/", 10);
        ReplicaService.Promotion done = sites.replica("b").promote(false);
        assertEquals(1, done.term());
        assertTrue(sites.replica("b").writable());
        sites.reopenWhenAsked("a");
        putSome("b", "after/", 10);
        sites.awaitCaughtUp("a", "b");
        assertSameHistory();
        assertFalse(sites.replica("a").writable());
        assertEquals(List.of(), SetAside.list(directory.resolve("a").resolve(SetAside.DIRECTORY)));

        sites.replica("a").promote(false);
        sites.reopenWhenAsked("b");
        sites.put("a", "back", bytes("again"));
        sites.awaitCaughtUp("b", "a");
        assertSameHistory();
        assertThrows(ReplicaException.class, () -> sites.replica("a").promote(false));
    }

    @Test
    void whatOnlyAnOvertakenPrimaryHasIsSetAside() throws Exception {
        putSome("a", "both/", 10);
        sites.awaitCaughtUp("b", "a");
        Map<String, Integer> both = sites.contents("b");
        long shared = sites.replica("b").journal().endPosition();
        sites.stop("b");
        putSome("a", "only-a/", 7);
        Backlog.Now shown = sites.replica("a").backlog(5_000);
        sites.stop("a");
        sites.start("b");
        ReplicaService.Promotion done = sites.replica("b").promote(true);
        assertEquals(shared, done.position());
        putSome("b", "only-b/", 3);

        sites.start("a");
        assertFalse(sites.replica("a").writable());
        sites.awaitCaughtUp("a", "b");
        assertSameHistory();
        assertEquals(both.size() + 3, sites.contents("a").size());
        List<SetAside> aside = SetAside.list(directory.resolve("a").resolve(SetAside.DIRECTORY));
        assertEquals(1, aside.size());
        assertEquals(shared + 1, aside.getFirst().first());
        assertEquals(shared + 7, aside.getFirst().last());
        assertEquals(7, shown.records());
        AtomicLong payloadBytes = new AtomicLong();
        aside.getFirst().read(record -> payloadBytes.addAndGet(record.payload().length));
        assertEquals(payloadBytes.get() + 7 * "only-a/0".length(), shown.bytes());
    }

    @Test
    @Tag("slow")
    void aPrimaryThatIsStartedAloneTakesNoChangesUntilItIsTold() throws Exception {
        sites.put("a", "key", bytes("value"));
        sites.awaitCaughtUp("b", "a");
        sites.stop("b");
        sites.stop("a");
        sites.start("a");
        StoreException refused =
                assertThrows(StoreException.class, () -> sites.put("a", "key", bytes("other")));
        assertEquals(StoreException.Category.UNAVAILABLE, refused.category());
        sites.replica("a").promote(true);
        sites.put("a", "key", bytes("other"));
        sites.start("b");
        sites.awaitCaughtUp("b", "a");
        assertSameHistory();
    }

    @Test
    @Tag("slow")
    void whatIsSentIsLimitedAndCompressedFromNowOn() throws Exception {
        sites.awaitCaughtUp("b", "a");
        ReplicaService a = sites.replica("a");
        a.limits(new ShippingLimits(200_000, false));
        long before = a.shippedBytes();
        long began = System.nanoTime();
        sites.put("a", "slow", new byte[400_000]);
        sites.awaitCaughtUp("b", "a");
        long tookMs = (System.nanoTime() - began) / 1_000_000;
        assertTrue(tookMs >= 1_800, tookMs + " ms");
        assertTrue(a.shippedBytes() - before >= 400_000);

        a.limits(new ShippingLimits(0, true));
        before = a.shippedBytes();
        sites.put("a", "compressed", new byte[400_000]);
        sites.awaitCaughtUp("b", "a");
        assertTrue(a.shippedBytes() - before < 100_000, "sent " + (a.shippedBytes() - before));
        sites.stop("a");
        sites.start("a");
        assertEquals(new ShippingLimits(0, true), sites.replica("a").limits());
        assertSameHistory();
    }

    @Test
    @Tag("slow")
    void aDrillTellsWhatAFailoverWouldComeToAndChangesNothing() throws Exception {
        putSome("a", "key/", 30);
        sites.awaitCaughtUp("b", "a");
        sites.await(() -> sites.replica("b").lag().map(Lag::everUpToDate).orElse(false));
        long end = sites.replica("b").journal().endPosition();
        sites.replica("b").drill();
        sites.await(() -> !sites.replica("b").drilled().path("running").asBoolean());
        var report = sites.replica("b").drilled().path("report");
        assertTrue(
                report.path("passed").asBoolean(), () -> sites.replica("b").drilled().toString());
        assertEquals(0, report.at("/achieved_rpo/records").asLong());
        assertEquals(end, report.path("position").asLong());
        assertEquals(30, report.path("blobs_read").asLong());
        assertTrue(Files.exists(Path.of(report.path("file").asText())));
        assertFalse(Files.exists(directory.resolve("b").resolve("drill-scratch")));
        assertEquals(end, sites.replica("a").journal().endPosition());
        assertFalse(sites.replica("b").writable());

        sites.stop("a");
        sites.await(() -> !sites.replica("b").lag().orElseThrow().contact());
        sites.replica("b").drill();
        sites.await(() -> !sites.replica("b").drilled().path("running").asBoolean());
        assertFalse(sites.replica("b").drilled().at("/report/passed").asBoolean());
    }
}
