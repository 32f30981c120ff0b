package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobPool;
import io.varve.devices.BlobWritten;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.PoolConfig;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

final class ReplicatedPoolTest {
    private static final UUID SITE = new UUID(1, 2);
    private static final byte[] NO_TAG = {};
    private static final byte[] TAG = {1, 2, 3};

    @TempDir Path directory;

    private DeviceSet openDevices() {
        List<DeviceConfig> devices = new ArrayList<>();
        for (int id = 0; id < 9; id++) {
            devices.add(DeviceConfig.of(id, directory.resolve("device-" + id)));
        }
        return DeviceSet.open(new DeviceSetConfig(SITE, devices, true), DeviceListener.NONE);
    }

    private static BlobPool open(DeviceSet devices) {
        return ReplicatedPool.open(
                PoolConfig.DEFAULT,
                devices,
                TestPlacement.of(9, first -> new int[] {first, (first + 3) % 9, (first + 6) % 9}));
    }

    private static byte[] read(BlobPool pool, BlobId id, int offset, int length) {
        ByteBuffer target = ByteBuffer.allocate(length);
        int count = pool.read(id, offset, target);
        byte[] bytes = new byte[count];
        target.flip().get(bytes);
        return bytes;
    }

    @Test
    void keepsBlobsOfAllSizesOverARestart() {
        Random random = new Random(7);
        Map<BlobId, byte[]> written = new HashMap<>();
        try (DeviceSet devices = openDevices();
                BlobPool pool = open(devices)) {
            for (int size : new int[] {0, 1, 100, 4095, 4096, 4097, 70_000, 3 << 20, 8 << 20}) {
                byte[] bytes = new byte[size];
                random.nextBytes(bytes);
                BlobId id = BlobId.create(1_700_000_000_000L, 0, random);
                BlobWritten result = pool.write(id, BlobPayload.of(bytes), TAG).join();
                assertEquals(3, result.copies());
                written.put(id, bytes);
            }
        }
        try (DeviceSet devices = openDevices();
                BlobPool pool = open(devices)) {
            written.forEach(
                    (id, bytes) -> {
                        assertEquals(bytes.length, pool.lengthBytes(id));
                        assertArrayEquals(bytes, read(pool, id, 0, bytes.length + 10));
                        assertArrayEquals(TAG, pool.ownerTag(id));
                        assertEquals(3, pool.verify(id).count(CopyState.GOOD));
                    });
        }
    }

    @Test
    void deletedBlobsStayDeletedOverARestart() {
        Random random = new Random(8);
        BlobId id = BlobId.create(1_700_000_000_000L, 0, random);
        try (DeviceSet devices = openDevices();
                BlobPool pool = open(devices)) {
            pool.write(id, BlobPayload.of(new byte[500]), NO_TAG).join();
            assertEquals(3, pool.delete(id).join().copies());
            assertThrows(BlobMissingException.class, () -> pool.lengthBytes(id));
        }
        try (DeviceSet devices = openDevices();
                BlobPool pool = open(devices)) {
            assertThrows(BlobMissingException.class, () -> read(pool, id, 0, 10));
            assertEquals(0, pool.delete(id).join().copies());
        }
    }
}
