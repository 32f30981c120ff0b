package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.file.DeviceFiles;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A device log without threads, and short words for what tests do with it. */
final class LogFixture {
    final List<DeviceEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final ReadScratch scratch = ReadScratch.allocate(1 << 20);
    private final DeviceConfig config;

    LogFixture(DeviceConfig config) {
        this.config = config;
    }

    LogFixture() {
        this(LogWorkload.config());
    }

    DeviceLog open(DeviceFiles files) throws IOException {
        return DeviceLog.open(
                config, files, LogWorkload.SITE, true, Runnable::run, Pacer.NONE, events::add);
    }

    static void work(DeviceLog log) {
        while (log.doWork() > 0) {
            // Each call writes one batch.
        }
    }

    /** Writes a blob of that length, alone in its batch. */
    static BlobId write(DeviceLog log, long number, int lengthBytes) {
        BlobId id = TestBlobs.id(number);
        CompletableFuture<Void> written = submit(log, id, lengthBytes);
        work(log);
        written.join();
        return id;
    }

    static CompletableFuture<Void> submit(DeviceLog log, BlobId id, int lengthBytes) {
        return log.write(id, TestBlobs.payload(id, lengthBytes), TestBlobs.tag(id));
    }

    static boolean delete(DeviceLog log, BlobId id) {
        CompletableFuture<Boolean> deleted = log.delete(id);
        work(log);
        return deleted.join();
    }

    static void replace(DeviceLog log, BlobId id) {
        int length = log.lengthBytes(id);
        assertEquals(true, log.setAside(length, TestBlobs.tag(id).length));
        CompletableFuture<Void> done = new CompletableFuture<>();
        log.write(
                id,
                TestBlobs.payload(id, length),
                TestBlobs.tag(id),
                true,
                (changed, failure) -> done.complete(null));
        work(log);
        done.join();
    }

    byte[] read(DeviceLog log, BlobId id, int offset, int length) {
        ByteBuffer bytes = log.read(id, offset, length, scratch);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    void assertThere(DeviceLog log, BlobId id) {
        int length = log.lengthBytes(id);
        assertArrayEquals(TestBlobs.content(id, length), read(log, id, 0, length));
        assertArrayEquals(TestBlobs.tag(id), log.ownerTag(id, scratch));
    }

    <E extends DeviceEvent> List<E> events(Class<E> type) {
        synchronized (events) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }
}
