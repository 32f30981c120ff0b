package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.DeviceStats;
import io.varve.devices.FillLimits;
import io.varve.devices.PoolCapacity;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.projections.topology.Pool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A whole site that runs out of space: writes are refused before harm, the rest works. */
final class SiteSpaceTest {
    private static final int OBJECT_BYTES = 100_000;

    @TempDir Path directory;

    private static SiteConfig withCapacity(SiteConfig config, long capacityBytes) {
        return config.withPool(
                config.pool()
                        .withDevices(
                                config.pool().devices().stream()
                                        .map(
                                                device ->
                                                        new SiteDevice(
                                                                device.id(),
                                                                device.host(),
                                                                device.deviceClass(),
                                                                device.weight(),
                                                                device.directory(),
                                                                capacityBytes))
                                        .toList()));
    }

    private static int fill(SiteObjects objects) throws IOException {
        for (int i = 0; ; i++) {
            try {
                objects.put("k" + i, OBJECT_BYTES);
            } catch (StoreException full) {
                assertEquals(Category.FULL, full.category());
                assertFalse(objects.exists("k" + i));
                return i;
            }
        }
    }

    private static boolean isTaken(SiteObjects objects, String key) {
        try {
            objects.put(key, OBJECT_BYTES);
            return true;
        } catch (StoreException full) {
            assertEquals(Category.FULL, full.category());
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refusesWritesWhenTheDevicesAreFullAndTakesThemAgainWhenThereIsSpace() throws Exception {
        long capacity = 6L * SiteStack.SEGMENT_SIZE_BYTES;
        SiteConfig config = withCapacity(SiteStack.small(directory), capacity);
        try (SiteStack stack = new SiteStack(config)) {
            SiteObjects objects = new SiteObjects(() -> stack.store());
            objects.createBucket();
            int count = fill(objects);
            assertTrue(count > 20, "only " + count);
            int blobs = stack.blobs().size();
            int blobsOfEach =
                    (OBJECT_BYTES + SiteStack.BLOB_SIZE_BYTES - 1) / SiteStack.BLOB_SIZE_BYTES;
            assertEquals(count * blobsOfEach, blobs);

            stack.restart();
            for (int i = 0; i < count; i++) {
                objects.requireReadable("k" + i, OBJECT_BYTES);
            }
            for (int i = 0; i < count; i++) {
                objects.delete("k" + i);
            }
            stack.forgetHistory();
            assertEquals("{}", stack.blobs().toString());
            // Compaction makes the room in the background.
            Eventually.holds(
                    "space again", Duration.ofSeconds(60), () -> isTaken(objects, "again"));
            objects.requireReadable("again", OBJECT_BYTES);
        }
    }

    @Test
    void writesGoToGroupsWithoutAFullDeviceUntilThereIsNone() throws Exception {
        long capacity = 16L * SiteStack.SEGMENT_SIZE_BYTES;
        SiteConfig config = withCapacity(SiteStack.small(directory), capacity);
        FillLimits limits = new FillLimits(0.3, 0.5);
        try (SiteStack stack =
                new SiteStack(config.withUpkeep(config.upkeep().withLimits(limits)))) {
            SiteObjects objects = new SiteObjects(() -> stack.store());
            objects.createBucket();
            int count = fill(objects);
            PoolCapacity room = requireNonNull(stack.site().capacity().get(Pool.DEFAULT_ID));
            // Of the last object that was refused nothing is left, and no copy is owed.
            assertEquals(0, stack.site().health().deficitCount());
            assertTrue(
                    room.usedBytes() > 0.8 * room.usableBytes(),
                    () -> "the fullest device does not end it: " + room);
            for (DeviceStats device : stack.site().devices()) {
                assertTrue(device.usedShare() < 0.6, device::toString);
            }
            assertTrue(count > 20, "only " + count);
        }
    }

    @Test
    void refusesWritesAndTakesDeletesWhenJournalAndViewAreShortOfSpace() throws Exception {
        SiteConfig config = SiteStack.small(directory);
        try (SiteStack stack = new SiteStack(config)) {
            SiteObjects objects = new SiteObjects(() -> stack.store());
            objects.createBucket();
            objects.put("a", OBJECT_BYTES);
            objects.put("b", OBJECT_BYTES);
            stack.reopen(config.withLowSpaceBytes(Long.MAX_VALUE));
            assertTrue(stack.site().health().lowSpace());
            StoreException full =
                    assertThrows(StoreException.class, () -> objects.put("c", OBJECT_BYTES));
            assertEquals(Category.FULL, full.category());
            objects.delete("a");
            assertFalse(objects.exists("a"));
            objects.requireReadable("b", OBJECT_BYTES);
            stack.reopen(config);
            objects.put("c", OBJECT_BYTES);
        }
    }
}
