package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.util.Objects.requireNonNull;

import io.varve.endpoint.clients.ServerProcess;
import io.varve.journal.Journal;
import io.varve.journal.JournalException;
import io.varve.journal.RecordReader;
import io.varve.journal.StoredJournal;
import io.varve.journal.StoredReader;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.kafka.KafkaJournal;
import io.varve.journal.kafka.KafkaJournalConfig;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.RequestId;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewDigest;
import io.varve.projections.namespace.NamespaceReplay;
import io.varve.projections.namespace.RecordSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A site whose journal is on brokers: three of them, or one when {@code -Dvarve.slow.percent} is
 * below 100; then some of it is left out.
 */
@Tag("slow")
final class KafkaSiteTest {
    private static final boolean WHOLE = Integer.getInteger("varve.slow.percent", 100) >= 100;
    private static final int BROKERS = WHOLE ? 3 : 1;
    private static final int OBJECT_COUNT = 50;

    @TempDir static Path brokerDirectory;
    private static TestBrokers brokers;

    @TempDir Path directory;

    @BeforeAll
    static void startBrokers() throws IOException {
        brokers = TestBrokers.start(brokerDirectory, BROKERS);
    }

    @AfterAll
    static void stopBrokers() {
        brokers.close();
    }

    private SiteConfig config(String topic) {
        return SiteStack.small(directory.resolve("site"))
                .withKafka(
                        new KafkaJournalSettings(
                                brokers.bootstrap(),
                                topic,
                                BROKERS,
                                BROKERS / 2 + 1,
                                Duration.ofSeconds(10),
                                Map.of()));
    }

    private KafkaJournalConfig journal(String topic, UUID site) {
        return KafkaJournalConfig.of(brokers.bootstrap(), site, directory.resolve("state"))
                .withTopic(topic)
                .withReplicas(BROKERS, BROKERS / 2 + 1);
    }

    @Test
    void holdsWhatItHeldWhenItIsOpenedAgainAlsoWithoutItsView() throws IOException {
        assumeTrue(WHOLE);
        SiteStack stack = new SiteStack(config("reopened"));
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i, 1000 + i);
        }
        objects.delete("k8");
        stack.restart();
        objects.requireReadable("k49", 1049);
        stack.site().close();
        try (var files = Files.walk(stack.config().viewDirectory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        stack.reopen();
        assertFalse(objects.exists("k8"));
        objects.requireReadable("k7", 1007);
        objects.put("k8", 2000);
        objects.requireReadable("k8", 2000);
        stack.close();
    }

    @Test
    void anEmbeddedJournalThatFollowsComesToTheSameChainAndTheSameView() throws IOException {
        assumeTrue(WHOLE);
        SiteStack stack = new SiteStack(config("followed"));
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i % 20, 1000 + i);
        }
        UUID id = stack.site().id();
        stack.close();
        try (KafkaJournal onKafka =
                        KafkaJournal.open(journal("followed", id).withMayCreate(false));
                ChronicleJournal embedded =
                        ChronicleJournal.open(
                                JournalConfig.of(List.of(directory.resolve("embedded")), id)
                                        .withFollows(true));
                StoredReader stored = onKafka.stored(1)) {
            embedded.appendStored(stored.next(Integer.MAX_VALUE, Long.MAX_VALUE));
            requireSame(onKafka, embedded);
        }
    }

    @Test
    void theSameRequestsMakeTheSameSiteOnBothKindsOfJournal() throws IOException {
        SiteStack stack = new SiteStack(SiteStack.small(directory.resolve("site")));
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i % 20, 1000 + i);
        }
        List<Draft> requests = new ArrayList<>();
        try (RecordReader records = stack.site().records(1)) {
            for (JournalRecord record : records.next(Integer.MAX_VALUE)) {
                requests.add(new Draft(record.requestId(), record.principal(), record.change()));
            }
        }
        stack.close();
        InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
        UUID id = UUID.randomUUID();
        try (KafkaJournal onKafka = KafkaJournal.open(journal("fed", id).withClock(clock));
                ChronicleJournal embedded =
                        ChronicleJournal.open(
                                JournalConfig.of(List.of(directory.resolve("embedded")), id)
                                        .withClock(clock))) {
            for (Draft request : requests) {
                onKafka.append(request).join();
                embedded.append(request).join();
            }
            requireSame(onKafka, embedded);
        }
    }

    /** Interrupted in the copying, and again between the files and the epoch. */
    @Test
    void anEmbeddedSiteIsMovedToKafkaWithAllItHad() throws IOException {
        SiteConfig embedded = SiteStack.small(directory.resolve("site"));
        SiteStack stack = new SiteStack(embedded);
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.put("k" + i, 1000 + i);
        }
        UUID id = stack.site().id();
        assertThrows(SiteException.class, () -> migrate(config("moved")), "it runs");
        stack.close();
        long end;
        KafkaJournalConfig follower = journal("moved", id).withFollows(true);
        try (ChronicleJournal files =
                        ChronicleJournal.open(
                                JournalConfig.of(embedded.journalDirectories(), id)
                                        .withLimits(embedded.journalLimits())
                                        .withFollows(true));
                StoredReader stored = files.stored(1);
                KafkaJournal begun = KafkaJournal.open(follower)) {
            begun.appendStored(stored.next(20, Long.MAX_VALUE));
            end = files.endPosition();
        }
        assertThrows(JournalException.class, () -> new SiteStack(config("moved")), "not all");
        Path files = embedded.journalDirectories().getFirst();
        Files.move(files, files.resolveSibling(files.getFileName() + ".on-kafka"));

        assertEquals(end - 20, migrate(config("moved")).copiedCount());
        assertEquals(0, migrate(config("moved")).copiedCount());

        assertThrows(RuntimeException.class, () -> new SiteStack(embedded), "not in two places");
        stack.reopen(config("moved"));
        for (int i = 0; i < OBJECT_COUNT; i++) {
            objects.requireReadable("k" + i, 1000 + i);
        }
        objects.put("k0", 5000);
        objects.requireReadable("k0", 5000);
        assertEquals(0, migrate(stack).copiedCount());
    }

    private static JournalMigration.Report migrate(SiteStack running) {
        running.close();
        return migrate(running.config());
    }

    private static JournalMigration.Report migrate(SiteConfig config) {
        return new JournalMigration(config, _ -> {}).run();
    }

    @Test
    void aTopicWithAnotherHistoryIsNotTakenForTheFiles() throws IOException {
        assumeTrue(WHOLE);
        SiteStack stack = new SiteStack(SiteStack.small(directory.resolve("site")));
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        UUID id = stack.site().id();
        stack.close();
        try (KafkaJournal other = KafkaJournal.open(journal("mistaken", id))) {
            Draft draft =
                    new Draft(
                            new RequestId(1, 1),
                            "",
                            new BucketChange.CreateBucket("other", "other"));
            other.append(draft).join();
        }
        SiteException refusal =
                assertThrows(SiteException.class, () -> migrate(config("mistaken")));
        assertTrue(String.valueOf(refusal.getMessage()).contains("another history"));
        stack.reopen();
        assertTrue(stack.site().health().fault().isEmpty());
        stack.close();
    }

    private static void requireSame(StoredJournal one, StoredJournal other) {
        long end = one.endPosition();
        assertEquals(end, other.endPosition());
        assertTrue(end > OBJECT_COUNT, "records: " + end);
        assertArrayEquals(one.chainHash(end), other.chainHash(end));
        assertEquals(digest(one), digest(other));
    }

    private static ViewDigest digest(Journal journal) {
        return NamespaceReplay.replay(
                        RecordSource.of(journal),
                        new MemoryViewStore(),
                        journal.endPosition(),
                        _ -> {})
                .digest();
    }

    @Test
    void aCopyThatIsStillRunningIsFencedByTheNextStart() throws IOException {
        SiteStack stack = new SiteStack(config("fenced"));
        SiteObjects objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
        objects.put("k1", 100);
        UUID id = stack.site().id();
        try (KafkaJournal next = KafkaJournal.open(journal("fenced", id).withMayCreate(false))) {
            next.openWriterEpoch();
            assertThrows(RuntimeException.class, () -> objects.put("k2", 100));
            assertFalse(objects.exists("k2"));
            assertTrue(stack.site().health().fault().isPresent());
        }
        stack.close();
    }

    @Test
    void doesNotTakeTheJournalOfAnotherSite() {
        assumeTrue(WHOLE);
        new SiteStack(config("taken")).close();
        SiteConfig other =
                SiteStack.small(directory.resolve("other"))
                        .withKafka(requireNonNull(config("taken").kafka()));
        SiteException refusal = assertThrows(SiteException.class, () -> new SiteStack(other));
        assertTrue(String.valueOf(refusal.getMessage()).contains("another site"));
        SiteConfig elsewhere = config("nowhere");
        assertThrows(JournalException.class, () -> new SiteStack(elsewhere));
    }

    /** Through HTTP, with the server as a process of its own. */
    @Test
    void withoutAMajorityWritesAreToldToTryAgainAndReadsGoOn() throws IOException {
        Path file = directory.resolve("varve.conf");
        Files.writeString(file, brokers.settings() + "journal.kafka.topic = outage\n");
        byte[] body = "bytes".getBytes(StandardCharsets.UTF_8);
        try (ServerProcess server =
                        ServerProcess.start(
                                directory.resolve("data"),
                                directory.resolve("server.log"),
                                "--config",
                                file.toString());
                S3HttpClient client = new S3HttpClient(server.port())) {
            assertEquals(200, client.put("/bucket", new byte[0]).statusCode());
            assertEquals(200, client.put("/bucket/before", body).statusCode());

            brokers.killMajority();

            long began = System.nanoTime();
            HttpResponse<byte[]> refused = client.put("/bucket/during", body);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            assertEquals(503, refused.statusCode(), () -> text(refused));
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertTrue(seconds < 10, "answered after " + seconds + " s");
            assertArrayEquals(body, client.get("/bucket/before").body());

            brokers.restartKilled();

            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (client.put("/bucket/after", body).statusCode() != 200) {
                assertTrue(System.nanoTime() < deadline, "writes do not come back");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
            assertArrayEquals(body, client.get("/bucket/after").body());
            assertArrayEquals(body, client.get("/bucket/before").body());
            int during = client.get("/bucket/during").statusCode();
            assertTrue(during == 200 || during == 404, "recorded or not, but whole: " + during);
            assertEquals(0, server.stop());
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
