package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.projections.topology.Pool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** A site that compares what its journal names with what its devices hold. */
final class SiteAuditTest {
    private static final int OBJECT_BYTES = 3 * SiteStack.BLOB_SIZE_BYTES;

    @TempDir Path directory;

    private final FailingDevices devices = new FailingDevices();
    private SiteStack stack;
    private SiteObjects objects;

    @BeforeEach
    void open() {
        SiteConfig config = SiteStack.small(directory);
        UpkeepSettings.Audit atOnce =
                new UpkeepSettings.Audit(Duration.ofDays(1), Duration.ZERO, 1);
        stack = new SiteStack(config.withUpkeep(config.upkeep().withAudit(atOnce)), devices);
        objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private AuditReport audit() throws IOException {
        stack.site().audits().auditAll();
        return last().report();
    }

    private AuditFindings last() {
        return requireNonNull(stack.site().audit().findings().get(Pool.DEFAULT_ID));
    }

    private void requireClean() throws IOException {
        AuditReport report = audit();
        assertTrue(report.clean(), report::toString);
        assertEquals(stack.blobs().size(), report.heldBlobs());
    }

    @Test
    void isCleanThroughAllThatHappensToAnObject() throws Exception {
        objects.put("small", 100);
        objects.put("large", 7 * SiteStack.BLOB_SIZE_BYTES);
        requireClean();
        objects.put("small", 200);
        objects.delete("large");
        requireClean();
        stack.forgetHistory();
        requireClean();
        objects.requireReadable("small", 200);
        assertEquals(0, stack.site().blobs().inFlightCount());
    }

    private AuditProgressFile progress() {
        return new AuditProgressFile(directory);
    }

    private static AuditProgressFile.UnderWay cutOff(long startedMs) {
        AuditReport soFar = new AuditReport(1000, 0, 0, 0, 0, 0, List.of());
        return new AuditProgressFile.UnderWay(
                startedMs, Pool.DEFAULT_ID, 1, new AuditMark(0, soFar));
    }

    @Test
    void goesOnAfterARestartWhereItWasCutOff() throws Exception {
        objects.put("small", 100);
        requireClean();
        assertNull(progress().read(), "it has come to its end");
        progress().write(cutOff(System.currentTimeMillis()));
        stack.restart();
        assertEquals(1001, audit().heldBlobs(), "with what was compared before");
        assertEquals(1, last().journalPosition());
        assertEquals(1, audit().heldBlobs());
        progress().write(cutOff(System.currentTimeMillis() - Duration.ofDays(2).toMillis()));
        stack.restart();
        assertEquals(1, audit().heldBlobs(), "that was too long ago");
    }

    @Test
    void beginsAnewWhereDevicesMayHaveMissedDeletes() throws Exception {
        objects.put("small", 100);
        stack.close();
        progress().write(cutOff(System.currentTimeMillis()));
        Files.delete(directory.resolve(MissedDeletesFile.NAME));
        stack.reopen();
        assertEquals(1, audit().heldBlobs());
    }

    @Test
    void tellsWhatIsLostWithTheObjectsItBelongsToAlsoAfterARestart() throws Exception {
        objects.put("kept", OBJECT_BYTES);
        Set<BlobId> kept = stack.blobs().keySet();
        objects.put("lost", OBJECT_BYTES);
        Set<BlobId> lost = new HashSet<>(stack.blobs().keySet());
        lost.removeAll(kept);
        BlobId one = lost.iterator().next();
        stack.site().pool().delete(one).join();
        assertEquals(1, audit().lost());
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of(one), last().report().lostBlobs());
            AuditFindings.Owner owner = last().owners().getFirst();
            assertEquals("lost", owner.key());
            assertEquals("bucket", owner.bucket());
            assertEquals("current", owner.role());
            assertEquals(
                    1, requireNonNull(stack.site().poolHealth().get(Pool.DEFAULT_ID)).lostBlobs());
            stack.restart();
        }
        objects.delete("lost");
        stack.forgetHistory();
        requireClean();
    }

    @Test
    void dropsWhatNothingNames() throws Exception {
        objects.put("kept", OBJECT_BYTES);
        Set<BlobId> named = stack.blobs().keySet();
        BlobId left = BlobId.create(System.currentTimeMillis(), 0, new Random(3));
        BlobPayload payload = BlobPayload.of(ByteBuffer.allocate(100));
        stack.site().pool().write(left, payload, new byte[0]).join();
        assertEquals(1, audit().droppedLeftovers());
        assertEquals(named, stack.blobs().keySet());
        requireClean();
    }

    /** The body is held in the midst of its second blob. */
    private void awaitItsFirstBlob(HeldPut put, int before) {
        put.awaitHeld();
        Eventually.holds(
                "the first blob has its copies",
                Duration.ofSeconds(60),
                () ->
                        List.copyOf(stack.blobs().values())
                                .equals(Collections.nCopies(before + 1, StoreUnderTest.COPIES)));
    }

    @Test
    void whatWasDeletedWhileADeviceWasAwayDoesNotComeBackWithIt() throws Exception {
        for (int i = 0; i < 10; i++) {
            objects.put("k" + i, OBJECT_BYTES);
        }
        objects.put("kept", OBJECT_BYTES);
        stack.site().close();
        devices.fail(4);
        devices.fail(8);
        stack.reopen();
        for (int i = 0; i < 10; i++) {
            objects.delete("k" + i);
        }
        stack.forgetHistory();
        int named = stack.blobs().size();
        stack.site().close();
        devices.recover();
        stack.reopen();
        assertEquals(9, stack.site().health().devicesUp());
        // The site finds by itself that two devices are to be looked at.
        Path missed = directory.resolve(MissedDeletesFile.NAME);
        Eventually.holds(
                "the devices are trusted again",
                Duration.ofSeconds(60),
                () -> lines(missed).equals(List.of("varve-missed-deletes 1")));
        assertEquals(named, stack.blobs().size());
        requireClean();
        objects.requireReadable("kept", OBJECT_BYTES);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void distrustsAllDevicesWhenItIsNotKnownWhatTheyMissed() throws Exception {
        objects.put("kept", OBJECT_BYTES);
        stack.site().close();
        Files.delete(directory.resolve(MissedDeletesFile.NAME));
        stack.reopen();
        Eventually.holds(
                "the devices are trusted again",
                Duration.ofSeconds(60),
                () ->
                        stack.site().audit().findings().containsKey(Pool.DEFAULT_ID)
                                && lines(directory.resolve(MissedDeletesFile.NAME)).size() == 1);
    }

    @Test
    void aBodyOnItsWayIsNoLeftoverHoweverLongItTakes() throws Exception {
        try (HeldPut put = new HeldPut(objects, stack.store(), OBJECT_BYTES)) {
            awaitItsFirstBlob(put, 0);
            for (int i = 0; i < 3; i++) {
                requireClean();
            }
            put.finish();
        }
        objects.requireReadable(HeldPut.KEY, OBJECT_BYTES);
        requireClean();
        assertEquals(0, stack.site().blobs().inFlightCount());
    }

    /** The moment between the two looks, in whatever order, is where a blob could fall through. */
    @Test
    void aBlobThatIsNamedBetweenTheTwoLooksIsShown() throws Exception {
        objects.put("first", 100);
        try (HeldPut put = new HeldPut(objects, stack.store(), OBJECT_BYTES)) {
            awaitItsFirstBlob(put, 1);
            Set<BlobId> held = Set.copyOf(stack.blobs().keySet());
            Set<BlobId> shown = new HashSet<>();
            stack.site()
                    .audits()
                    .named()
                    .forEach(
                            needed -> {
                                put.finish();
                                shown.add(needed);
                            },
                            tolerated -> {
                                put.finish();
                                shown.add(tolerated);
                            });
            assertTrue(shown.containsAll(held), () -> held + " and not " + shown);
        }
        requireClean();
    }

    @Test
    void dropsNothingThatIsNeededWhileObjectsComeAndGo() throws Exception {
        long seed = System.nanoTime();
        AtomicBoolean ended = new AtomicBoolean();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String prefix = "w" + t + "-";
            Random random = new Random(seed + t);
            workers.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            comeAndGo(prefix, random);
                                        } catch (Throwable e) {
                                            failures.add(e);
                                        }
                                    }));
        }
        Thread forgetting =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (!ended.get()) {
                                        stack.forgetHistory();
                                    }
                                });
        for (int i = 0; i < 12; i++) {
            AuditReport report = audit();
            assertEquals(0, report.lost() + report.unreachable(), "seed=" + seed + ", " + report);
            assertEquals(0, report.leftovers(), "seed=" + seed + ", " + report);
        }
        for (Thread worker : workers) {
            worker.join();
        }
        ended.set(true);
        forgetting.join();
        assertEquals(List.of(), List.copyOf(failures), "seed=" + seed);
        stack.forgetHistory();
        requireClean();
    }

    private void comeAndGo(String prefix, Random random) throws IOException {
        int[] lengths = new int[5];
        for (int i = 0; i < 60; i++) {
            int key = random.nextInt(lengths.length);
            if (lengths[key] > 0 && random.nextInt(3) == 0) {
                objects.requireReadable(prefix + key, lengths[key]);
                objects.delete(prefix + key);
                lengths[key] = 0;
            } else {
                lengths[key] = 1 + random.nextInt(OBJECT_BYTES);
                objects.put(prefix + key, lengths[key]);
            }
        }
        for (int key = 0; key < lengths.length; key++) {
            if (lengths[key] > 0) {
                objects.requireReadable(prefix + key, lengths[key]);
            }
        }
    }
}
