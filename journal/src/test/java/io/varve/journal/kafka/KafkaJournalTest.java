package io.varve.journal.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.Journal;
import io.varve.journal.JournalContract;
import io.varve.journal.JournalException;
import io.varve.journal.StoredReader;
import io.varve.journal.StoredRecord;
import io.varve.journal.chronicle.ChronicleJournal;
import io.varve.journal.chronicle.JournalConfig;
import io.varve.journal.record.JournalRecord;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The journal on a broker in this JVM; each test has a topic of its own. With {@code
 * -Dvarve.slow.percent} below 100 the tests of many records are left out.
 */
@Tag("slow")
final class KafkaJournalTest extends JournalContract {
    private static final UUID SITE = new UUID(1, 2);
    private static final boolean WHOLE = Integer.getInteger("varve.slow.percent", 100) >= 100;

    @TempDir static Path brokerDirectory;
    private static LoneBroker broker;

    @TempDir Path directory;
    private String topic = "";

    @BeforeAll
    static void startBroker() throws IOException {
        broker = new LoneBroker(brokerDirectory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
    }

    private KafkaJournalConfig config() {
        return config("state");
    }

    private KafkaJournalConfig config(String state) {
        return KafkaJournalConfig.of(broker.bootstrap(), SITE, directory.resolve(state))
                .withTopic(topic)
                .withReplicas(1, 1);
    }

    @Override
    protected Journal open() {
        return KafkaJournal.open(config());
    }

    @Override
    protected byte[] chainHash(Journal journal, long position) {
        return ((KafkaJournal) journal).chainHash(position);
    }

    @Test
    void severalWritersMakeOneHistoryAndReadTheSame() {
        try (KafkaJournal one = KafkaJournal.open(config("one"));
                KafkaJournal two = KafkaJournal.open(config("two"))) {
            ChangeGenerator changes = new ChangeGenerator(11);
            List<CompletableFuture<JournalRecord>> ofOne = new ArrayList<>();
            List<CompletableFuture<JournalRecord>> ofTwo = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                ofOne.add(one.append(changes.draft()));
                ofTwo.add(two.append(changes.draft()));
            }
            long last = 0;
            for (CompletableFuture<JournalRecord> each : ofTwo) {
                assertTrue(each.join().position() > last, "in the order of the calls");
                last = each.join().position();
            }
            ofOne.forEach(CompletableFuture::join);
            assertEquals(800, one.confirmedEnd().join());
            assertEquals(800, two.confirmedEnd().join());
            List<JournalRecord> all = readAll(one, 1);
            assertEquals(all, readAll(two, 1));
            ofTwo.forEach(
                    each -> assertEquals(each.join(), all.get((int) each.join().position() - 1)));
            assertArrayEquals(one.chainHash(800), two.chainHash(800));
            assertArrayEquals(one.chainHash(500), two.chainHash(500));
            try (StoredReader stored = two.stored(500)) {
                StoredRecord first = stored.next(1, Long.MAX_VALUE).getFirst();
                assertArrayEquals(one.chainHash(500), first.chain());
                assertEquals(300, stored.next(Integer.MAX_VALUE, Long.MAX_VALUE).size());
            }
        }
    }

    @Test
    void confirmsWhatAnotherWriterWasToldBefore() {
        try (KafkaJournal one = KafkaJournal.open(config("one"));
                KafkaJournal two = KafkaJournal.open(config("two"))) {
            ChangeGenerator changes = new ChangeGenerator(12);
            for (int i = 1; i <= 100; i++) {
                long position = one.append(changes.draft()).join().position();
                assertEquals(position, two.confirmedEnd().join());
                assertEquals(position, two.endPosition());
            }
        }
    }

    @Test
    void goesOnFromItsPlacesAndAlsoWithoutThem() throws Exception {
        assumeTrue(WHOLE);
        int count = 3 * PlaceFile.INTERVAL + 100;
        byte[] chain;
        JournalRecord middle;
        try (KafkaJournal journal = KafkaJournal.open(config())) {
            List<JournalRecord> written = appendSome(journal, 13, count);
            middle = written.get(2 * PlaceFile.INTERVAL);
            chain = journal.chainHash(count);
        }
        try (KafkaJournal again = KafkaJournal.open(config())) {
            assertEquals(count, again.endPosition());
            assertEquals(middle, readAll(again, middle.position()).getFirst());
            assertArrayEquals(chain, again.chainHash(count));
        }
        Files.delete(directory.resolve("state").resolve("places"));
        try (KafkaJournal anew = KafkaJournal.open(config())) {
            assertArrayEquals(chain, anew.chainHash(count));
        }
    }

    @Test
    void aNewEpochFencesTheWritersOfTheOldOne() {
        try (KafkaJournal old = KafkaJournal.open(config("old"));
                KafkaJournal next = KafkaJournal.open(config("next"))) {
            appendSome(old, 14, 5);
            next.openWriterEpoch();
            assertEquals(2, next.writerEpoch());
            CompletableFuture<JournalRecord> late = old.append(new ChangeGenerator(15).draft());
            CompletionException failure = assertThrows(CompletionException.class, late::join);
            assertInstanceOf(FencedException.class, failure.getCause());

            JournalRecord record = appendSome(next, 16, 1).getFirst();

            assertEquals(6, record.position(), "the fenced record took no position");
            assertEquals(2, record.writerEpoch());
            assertEquals(6, old.confirmedEnd().join(), "who is fenced still reads");
        }
        try (KafkaJournal again = KafkaJournal.open(config("old"))) {
            assertEquals(7, appendSome(again, 17, 1).getFirst().position());
        }
    }

    @Test
    void followsAnEmbeddedJournalAndBeginsToLead() {
        try (ChronicleJournal embedded =
                ChronicleJournal.open(
                        JournalConfig.of(List.of(directory.resolve("embedded")), SITE))) {
            appendSome(embedded, 30, 200);
            List<StoredRecord> shipped;
            try (StoredReader reader = embedded.stored(1)) {
                shipped = reader.next(Integer.MAX_VALUE, Long.MAX_VALUE);
            }
            try (KafkaJournal follower = KafkaJournal.open(config().withFollows(true))) {
                follower.appendStored(shipped.subList(0, 90));
                assertFalse(follower.leads());
                assertThrows(
                        JournalException.class,
                        () -> follower.appendStored(shipped.subList(91, 92)));
                assertThrows(
                        CompletionException.class,
                        () -> follower.append(new ChangeGenerator(31).draft()).join());
            }
            assertThrows(JournalException.class, () -> KafkaJournal.open(config()));
            try (KafkaJournal follower = KafkaJournal.open(config().withFollows(true))) {
                assertEquals(90, follower.endPosition());
                follower.appendStored(shipped.subList(90, 200));
                assertArrayEquals(embedded.chainHash(200), follower.chainHash(200));
                assertEquals(readAll(embedded, 1), readAll(follower, 1));
                assertEquals(2, follower.lead(1), "newer than the records'");
                assertTrue(follower.leads());
                assertThrows(
                        JournalException.class,
                        () -> follower.appendStored(shipped.subList(199, 200)));
                assertEquals(201, appendSome(follower, 32, 1).getFirst().position());
            }
            try (KafkaJournal leader = KafkaJournal.open(config())) {
                assertEquals(202, appendSome(leader, 33, 1).getFirst().position());
            }
        }
    }

    @Test
    void aSecondSiteIsRefusedUnlessItIsNew() {
        try (KafkaJournal journal = KafkaJournal.open(config())) {
            appendSome(journal, 18, 3);
        }
        KafkaJournalConfig other =
                new KafkaJournalConfig(
                        broker.bootstrap(),
                        topic,
                        1,
                        1,
                        Map.of(),
                        new UUID(3, 4),
                        true,
                        false,
                        directory.resolve("other"),
                        KafkaJournalConfig.DEFAULT_APPEND_TIMEOUT,
                        InstantSource.system(),
                        new KafkaEventLog());
        try (KafkaJournal adopted = KafkaJournal.open(other)) {
            assertEquals(SITE, adopted.siteId());
        }
        assertThrows(JournalException.class, () -> KafkaJournal.open(other.withMayCreate(false)));
    }

    @Test
    void aJournalThatMustBeThereIsNotMade() {
        JournalException refusal =
                assertThrows(
                        JournalException.class,
                        () -> KafkaJournal.open(config().withMayCreate(false)));
        assertTrue(String.valueOf(refusal.getMessage()).contains(topic), refusal::toString);
    }

    @Test
    void anUnsafeTopicIsRefusedByTheNamesOfItsSettings() throws Exception {
        KafkaJournal.open(config()).close();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = new KafkaClients(config()).admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    resource,
                                    List.of(
                                            set("retention.ms", "1000"),
                                            set("cleanup.policy", "compact,delete"),
                                            set("max.message.bytes", "1000"))))
                    .all()
                    .get();
        }
        JournalException refusal =
                assertThrows(JournalException.class, () -> KafkaJournal.open(config()));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("retention.ms is 1000 and must be -1"), message);
        assertTrue(message.contains("cleanup.policy is compact,delete"), message);
        assertTrue(message.contains("max.message.bytes is 1000"), message);
        JournalException few =
                assertThrows(
                        JournalException.class,
                        () -> KafkaJournal.open(config().withReplicas(3, 2)));
        assertTrue(String.valueOf(few.getMessage()).contains("1 replicas"), few::toString);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    @Test
    void passesOverWhatNoWriterSent() throws Exception {
        try (KafkaJournal journal = KafkaJournal.open(config())) {
            appendSome(journal, 19, 2);
            try (var producer = new KafkaClients(config()).producer()) {
                producer.send(new ProducerRecord<>(topic, "hello".getBytes(StandardCharsets.UTF_8)))
                        .get();
                producer.send(new ProducerRecord<>(topic, (byte[]) null)).get();
            }
            assertEquals(3, appendSome(journal, 20, 1).getFirst().position());
        }
    }

    @Test
    void aTopicThatWasMadeAnewIsNotTakenForTheOldOne() throws Exception {
        assumeTrue(WHOLE);
        byte[] chain;
        try (KafkaJournal journal = KafkaJournal.open(config())) {
            appendSome(journal, 21, PlaceFile.INTERVAL + 10);
            chain = journal.chainHash(PlaceFile.INTERVAL);
        }
        try (Admin admin = new KafkaClients(config()).admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
        assertThrows(
                JournalException.class, () -> KafkaJournal.open(config().withMayCreate(false)));
        try (KafkaJournal anew = KafkaJournal.open(config())) {
            assertEquals(0, anew.endPosition());
            appendSome(anew, 22, PlaceFile.INTERVAL + 10);
            assertNotEquals(List.of(chain), List.of(anew.chainHash(PlaceFile.INTERVAL)));
        }
    }
}
