package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A whole site whose devices fail, vanish, come back empty or run full while it serves. */
final class SiteFaultsTest {
    private static final int OBJECT_BYTES = 3000;

    @TempDir Path directory;

    private final FailingDevices devices = new FailingDevices();
    private SiteStack stack;
    private SiteObjects objects;

    @BeforeEach
    void open() {
        stack = new SiteStack(SiteStack.small(directory), devices);
        objects = new SiteObjects(() -> stack.store());
        objects.createBucket();
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private void put(String prefix, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            objects.put(prefix + i, OBJECT_BYTES + i);
        }
    }

    private void requireReadable(String prefix, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            objects.requireReadable(prefix + i, OBJECT_BYTES + i);
        }
    }

    private void removeDirectory(int deviceId) throws IOException {
        SiteDevice device = stack.config().pool().devices().get(deviceId);
        try (Stream<Path> paths = Files.walk(device.directory())) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /** Runs puts and gets from several threads around an event; none of them may fail. */
    private int underLoad(int threads, int operations, Runnable event) throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger done = new AtomicInteger();
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String prefix = "load-" + t + "-";
            Random random = new Random(t);
            workers.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < operations; i++) {
                                                objects.put(prefix + i, OBJECT_BYTES + i);
                                                int earlier = random.nextInt(i + 1);
                                                objects.requireReadable(
                                                        prefix + earlier, OBJECT_BYTES + earlier);
                                                if (done.incrementAndGet() == threads * 3) {
                                                    event.run();
                                                }
                                            }
                                        } catch (Throwable e) {
                                            failures.add(e);
                                        }
                                    }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        return done.get();
    }

    @Test
    void failsNoRequestWhenOneDeviceBeginsToFail() throws Exception {
        underLoad(8, 12, () -> devices.fail(4));
        stack.restart();
        assertEquals(8, stack.site().health().devicesUp());
    }

    @Test
    void failsNoRequestWhenTwoDevicesOfDifferentHostsBeginToFailAtOnce() throws Exception {
        put("before-", 20);
        underLoad(
                8,
                12,
                () -> {
                    devices.fail(0);
                    devices.fail(4);
                });
        requireReadable("before-", 20);
        assertTrue(stack.site().health().ready());
    }

    @Test
    void writesAllCopiesToTheOtherDevicesOfTheHostOnceADeviceIsDown() throws Exception {
        devices.fail(3);
        put("notices-", 15);
        put("after-", 10);
        Eventually.holds(
                "no deficits",
                Duration.ofSeconds(60),
                () -> stack.site().health().deficitCount() == 0);
        for (int copies : stack.blobs().values()) {
            assertEquals(StoreUnderTest.COPIES, copies);
        }
    }

    @Test
    void startsAndServesWithTwoDevicesGoneOrEmpty() throws Exception {
        put("before-", 30);
        stack.site().close();
        removeDirectory(1);
        removeDirectory(8);
        Files.createDirectories(stack.config().pool().devices().get(8).directory());
        stack.reopen();
        assertEquals(7, stack.site().health().devicesUp());
        assertTrue(stack.site().health().ready());
        requireReadable("before-", 30);
        put("after-", 10);
        requireReadable("after-", 10);
    }

    @Test
    void failsNoRequestWhenDirectoriesAreRemovedWhileItServes() throws Exception {
        put("before-", 30);
        underLoad(
                8,
                12,
                () -> {
                    try {
                        removeDirectory(2);
                        removeDirectory(6);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        requireReadable("before-", 30);
        stack.restart();
        assertEquals(7, stack.site().health().devicesUp());
        requireReadable("before-", 30);
    }

    @Test
    void refusesWritesAndLeavesNothingWhenTooFewHostsAreLeft() throws Exception {
        put("before-", 10);
        int blobsBefore = stack.blobs().size();
        for (int device = 0; device < 6; device++) {
            devices.fail(device);
        }
        // Devices are found to be down by using them.
        for (int i = 0; i < 10; i++) {
            String key = "refused-" + i;
            StoreException refused =
                    assertThrows(StoreException.class, () -> objects.put(key, OBJECT_BYTES));
            assertEquals(Category.UNAVAILABLE, refused.category());
            assertFalse(objects.exists(key));
        }
        requireReadable("before-", 10);
        assertEquals(blobsBefore, stack.blobs().size());

        devices.recover();
        stack.restart();
        requireReadable("before-", 10);
        put("after-", 10);
        requireReadable("after-", 10);
    }

    @Test
    void tellsToTryAgainWhenTheDevicesOfAllCopiesAreDown() throws Exception {
        put("before-", 1);
        for (int device = 0; device < 9; device++) {
            devices.fail(device);
        }
        for (int i = 0; stack.site().health().devicesUp() > 0 && i < 100; i++) {
            assertThrows(StoreException.class, () -> objects.put("refused", OBJECT_BYTES));
        }
        StoreException unavailable =
                assertThrows(
                        StoreException.class,
                        () -> objects.requireReadable("before-0", OBJECT_BYTES));
        assertEquals(Category.UNAVAILABLE, unavailable.category());
    }
}
