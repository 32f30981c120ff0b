package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPool;
import io.varve.devices.DeviceState;
import io.varve.devices.file.FaultyDeviceFiles.Faults;
import io.varve.devices.log.TestBlobs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

final class SlowDeviceTest {
    private static final long SLOW_NANOS = 400_000_000;

    @TempDir Path directory;

    @Test
    void readsAvoidADeviceThatIsMuchSlowerThanTheOthers() {
        PoolFixture fixture = new PoolFixture(directory);
        AtomicInteger reads = new AtomicInteger();
        try (DeviceSet devices = fixture.openDevices();
                BlobPool pool = fixture.open(devices)) {
            for (long i = 0; i < 9; i++) {
                PoolFixture.write(pool, TestBlobs.id(i), 2_000);
                PoolFixture.assertReads(pool, TestBlobs.id(i), 2_000);
            }
            BlobId id = TestBlobs.id(0);
            int slow = PoolFixture.replicaSet(id)[0];
            int other = PoolFixture.replicaSet(id)[1];
            for (BlobId each : new BlobId[] {id, TestBlobs.id(1), TestBlobs.id(2)}) {
                // Each device has been read from, so that there is something to compare with.
                pool.verify(each);
            }
            fixture.inject(slow, slowReads(reads));
            for (int tries = 0; !devices.stats().get(slow).speed().slow(); tries++) {
                assertTrue(tries < 1_000, () -> devices.stats().toString());
                PoolFixture.assertReads(pool, id, 2_000);
            }
            int before = reads.get();
            PoolFixture.assertReads(pool, id, 2_000);
            assertEquals(before, reads.get());
            assertEquals(DeviceState.UP, devices.stats().get(slow).state());
            assertFalse(devices.stats().get(other).speed().slow());
        }
    }

    private static Faults slowReads(AtomicInteger reads) {
        return new Faults() {
            @Override
            public void onRead(String name, long offset) {
                reads.incrementAndGet();
                long until = System.nanoTime() + SLOW_NANOS;
                while (System.nanoTime() - until < 0) {
                    LockSupport.parkNanos(SLOW_NANOS / 10);
                }
            }
        };
    }
}
