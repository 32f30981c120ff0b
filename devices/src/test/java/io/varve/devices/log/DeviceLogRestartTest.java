package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.SpaceLimits;
import io.varve.devices.file.DiskDeviceFiles;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;

final class DeviceLogRestartTest {
    private static final int PER_BATCH = 4_000;

    @TempDir Path directory;

    private LogFixture fixture() {
        return new LogFixture(
                DeviceConfig.of(0, directory)
                        .withSpace(SpaceLimits.DEFAULT.withSegmentSizeBytes(32 << 20)));
    }

    /** Writes so many small blobs, deletes every tenth, and returns how many are left. */
    private int fill(int count) throws IOException {
        DeviceLog log = fixture().open(DiskDeviceFiles.open(directory));
        Random random = new Random(9);
        BlobPayload payload = BlobPayload.of(new byte[16]);
        int left = 0;
        for (int i = 1; i <= count; i++) {
            BlobId id = BlobId.create(1_700_000_000_000L + i, 0, random);
            assertTrue(log.setAside(16, 0));
            log.write(id, payload, new byte[0], false, (changed, failure) -> {});
            if (i % 10 == 0) {
                log.delete(id, (changed, failure) -> {});
            } else {
                left++;
            }
            if (i % PER_BATCH == 0) {
                LogFixture.work(log);
            }
        }
        LogFixture.work(log);
        assertEquals(left, log.stats().blobCount());
        log.close();
        return left;
    }

    @Test
    void findsEveryBlobAgainByFootersAndAScanOfTheOpenSegment() throws IOException {
        int left = fill(60_000);
        LogFixture fixture = fixture();
        DeviceLog log = fixture.open(DiskDeviceFiles.open(directory));
        assertEquals(left, log.stats().blobCount());
        assertTrue(fixture.events(DeviceEvent.SegmentDamaged.class).isEmpty());
        assertTrue(fixture.events(DeviceEvent.TornTailCut.class).isEmpty());
        log.close();
        assertTrue(fixture.events(DeviceEvent.Failed.class).isEmpty());
    }

    /** Nine such devices are opened in parallel: on two processors in a second, all told. */
    @Test
    @Tag("slow")
    void opensADeviceOfAMillionBlobsInAFractionOfASecond() throws IOException {
        int left = fill(1_100_000);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            DeviceLog log = fixture().open(DiskDeviceFiles.open(directory));
            double took =
                    (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
            best = Math.min(best, took);
            System.out.printf("%d blobs: %.3f s CPU%n", log.stats().blobCount(), took);
            assertEquals(left, log.stats().blobCount());
            log.close();
        }
        assertTrue(best < 1.0, "seconds of CPU: " + best);
    }
}
