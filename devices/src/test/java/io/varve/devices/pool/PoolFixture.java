package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BackfillPace;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobWritten;
import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.FillLimits;
import io.varve.devices.PoolConfig;
import io.varve.devices.PoolPlacement;
import io.varve.devices.ScrubPace;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.file.FaultyDeviceFiles;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A pool of nine devices in three hosts on a real file system, each of which can be made to fail.
 */
final class PoolFixture implements DeviceListener {
    static final UUID SITE = new UUID(5, 6);
    static final int DEVICES = 9;
    static final int GROUPS = 3;
    static final int MAX_BLOB_BYTES = 256 << 10;

    private static final long SEGMENT_BYTES = 1 << 20;
    private static final long LONG_TIME_SECONDS = 120;

    final List<DeviceEvent> events = new CopyOnWriteArrayList<>();
    private final Path directory;
    private final Map<Integer, FaultyDeviceFiles> files = new ConcurrentHashMap<>();
    private final List<Expected> expected = new CopyOnWriteArrayList<>();
    private Duration hangTimeout = Duration.ofSeconds(LONG_TIME_SECONDS);
    private long capacityBytes = 64 * SEGMENT_BYTES;
    private boolean formatEmpty = true;
    private FillLimits limits = FillLimits.OFF;
    private DeviceListener told = DeviceListener.NONE;
    private final TestPlacement placement = TestPlacement.of(GROUPS, PoolFixture::threeHosts);

    private record Expected(Predicate<DeviceEvent> what, CountDownLatch seen) {}

    PoolFixture(Path directory) {
        this.directory = directory;
    }

    PoolFixture hangTimeout(Duration timeout) {
        hangTimeout = timeout;
        return this;
    }

    PoolFixture alsoTell(DeviceListener listener) {
        told = listener;
        return this;
    }

    PoolFixture capacitySegments(int segments) {
        capacityBytes = segments * SEGMENT_BYTES;
        return this;
    }

    PoolFixture limits(FillLimits fillLimits) {
        limits = fillLimits;
        return this;
    }

    PoolFixture formatEmpty(boolean format) {
        formatEmpty = format;
        return this;
    }

    DeviceSet openDevices() {
        List<DeviceConfig> devices = new ArrayList<>();
        for (int id = 0; id < DEVICES; id++) {
            devices.add(config(id));
        }
        return DeviceSet.open(
                new DeviceSetConfig(SITE, devices, formatEmpty, limits), this, this::openFiles);
    }

    DeviceConfig config(int deviceId) {
        return DeviceConfig.of(deviceId, path(deviceId))
                .withWrites(new WriteLimits(MAX_BLOB_BYTES, 4 << 20, hangTimeout))
                .withSpace(new SpaceLimits(SEGMENT_BYTES, capacityBytes, 0, 2, MAX_BLOB_BYTES / 2))
                .withCompaction(new CompactionPace(0.2, 1L << 40));
    }

    ReplicatedPool open(DeviceSet devices, PoolPlacement first) {
        return ReplicatedPool.open(
                PoolConfig.DEFAULT
                        .withRepairBytesPerSecond(1L << 40)
                        .withBackfill(BackfillPace.PAUSED)
                        .withScrub(ScrubPace.NEVER),
                devices,
                first);
    }

    BlobPool open(DeviceSet devices) {
        return open(devices, placement);
    }

    private DeviceFiles openFiles(DeviceConfig device, boolean create) throws IOException {
        FaultyDeviceFiles opened = new FaultyDeviceFiles(DeviceFilesOpener.onDisk(device, create));
        files.put(device.deviceId(), opened);
        return opened;
    }

    Path path(int deviceId) {
        return directory.resolve("device-" + deviceId);
    }

    /** One device of each host: 0 to 2, 3 to 5, 6 to 8. */
    static int[] replicaSet(BlobId id) {
        return threeHosts(TestPlacement.groupOf(id.low(), GROUPS));
    }

    private static int[] threeHosts(int group) {
        return new int[] {group, 3 + (group + 1) % 3, 6 + (group + 2) % 3};
    }

    void inject(int deviceId, Faults faults) {
        requireNonNull(files.get(deviceId)).inject(faults);
    }

    @Override
    public void on(DeviceEvent event) {
        events.add(event);
        told.on(event);
        for (Expected each : expected) {
            if (each.what().test(event)) {
                each.seen().countDown();
            }
        }
    }

    /** To be told before what brings the event about; the latch opens with it. */
    CountDownLatch expect(Predicate<DeviceEvent> what) {
        CountDownLatch seen = new CountDownLatch(1);
        expected.add(new Expected(what, seen));
        return seen;
    }

    static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LONG_TIME_SECONDS, TimeUnit.SECONDS), "it did not happen");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    <E extends DeviceEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static BlobWritten write(BlobPool pool, BlobId id, int lengthBytes) {
        return pool.write(id, TestBlobs.payload(id, lengthBytes), TestBlobs.tag(id)).join();
    }

    static void assertReads(BlobPool pool, BlobId id, int lengthBytes) {
        assertEquals(lengthBytes, pool.lengthBytes(id));
        ByteBuffer target = ByteBuffer.allocate(lengthBytes);
        assertEquals(lengthBytes, pool.read(id, 0, target));
        assertArrayEquals(TestBlobs.content(id, lengthBytes), target.array());
    }

    /** The devices on which a blob is listed. */
    static Set<Integer> listedOn(BlobPool pool, BlobId sought) {
        Set<Integer> devices = new TreeSet<>();
        for (int device = 0; device < DEVICES; device++) {
            int id = device;
            pool.list(
                    device,
                    (blobId, length) -> {
                        if (blobId.equals(sought)) {
                            devices.add(id);
                        }
                    });
        }
        return devices;
    }

    /** Flips a bit in the payload of a blob on one device. */
    void damage(int deviceId, BlobId id, int lengthBytes) throws IOException {
        damage(deviceId, TestBlobs.content(id, lengthBytes));
    }

    /** Flips a bit where a device has these bytes. */
    void damage(int deviceId, byte[] content) throws IOException {
        ByteBuffer sought = ByteBuffer.wrap(content);
        int lengthBytes = content.length;
        try (Stream<Path> names = Files.list(path(deviceId))) {
            for (Path file : names.filter(PoolFixture::isSegment).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                for (int at = 0; at + lengthBytes <= bytes.length; at += 8) {
                    if (ByteBuffer.wrap(bytes, at, lengthBytes).equals(sought)) {
                        bytes[at + lengthBytes / 2] ^= 4;
                        Files.write(file, bytes);
                        return;
                    }
                }
            }
        }
        throw new AssertionError("what to damage is not on device " + deviceId);
    }

    private static boolean isSegment(Path file) {
        return file.getFileName().toString().startsWith("segment-");
    }

    void wipe(int deviceId) throws IOException {
        try (Stream<Path> names = Files.list(path(deviceId))) {
            for (Path file : names.toList()) {
                Files.delete(file);
            }
        }
    }
}
