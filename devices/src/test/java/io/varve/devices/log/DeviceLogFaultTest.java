package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceState;
import io.varve.devices.file.CrashFileSystem;
import io.varve.devices.file.FaultyDeviceFiles;
import io.varve.devices.file.FaultyDeviceFiles.Faults;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class DeviceLogFaultTest {
    private final CrashFileSystem media = new CrashFileSystem();
    private final FaultyDeviceFiles files = new FaultyDeviceFiles(media);
    private final LogFixture fixture = new LogFixture();
    private DeviceLog log;

    @BeforeEach
    void open() throws IOException {
        log = fixture.open(files);
    }

    private static void assertFails(CompletableFuture<?> future) {
        CompletionException e = assertThrows(CompletionException.class, future::join);
        assertInstanceOf(DeviceFailedException.class, e.getCause());
    }

    @Test
    void aFailedSyncEndsAllWritingForGood() {
        BlobId before = LogFixture.write(log, 1, 100);
        int[] syncs = {0};
        files.inject(
                new Faults() {
                    @Override
                    public void onSync(String name) throws IOException {
                        syncs[0]++;
                        throw new IOException("Input/output error");
                    }
                });
        CompletableFuture<Void> inBatch = LogFixture.submit(log, TestBlobs.id(2), 100);
        LogFixture.work(log);
        assertFails(inBatch);
        files.inject(Faults.NONE);
        CompletableFuture<Void> later = LogFixture.submit(log, TestBlobs.id(3), 100);
        LogFixture.work(log);
        assertFails(later);
        assertEquals(1, syncs[0], "the failed sync must not be tried again");
        assertEquals(DeviceState.FAILED, log.state());
        assertEquals(1, fixture.events(DeviceEvent.Failed.class).size());
        assertEquals(-1, log.lengthBytes(TestBlobs.id(2)), "not on media, so not to be seen");
        fixture.assertThere(log, before);
    }

    @Test
    void aFailedWriteEndsAllWriting() {
        files.inject(
                new Faults() {
                    @Override
                    public int onWrite(String name, long offset, int length) throws IOException {
                        throw new IOException("Input/output error");
                    }
                });
        CompletableFuture<Void> first = LogFixture.submit(log, TestBlobs.id(1), 100);
        CompletableFuture<Boolean> second = log.delete(TestBlobs.id(9));
        LogFixture.work(log);
        assertFails(first);
        assertFails(second);
        assertEquals(DeviceState.FAILED, log.state());
    }

    @Test
    void shortWritesAreCompleted() throws IOException {
        files.inject(
                new Faults() {
                    @Override
                    public int onWrite(String name, long offset, int length) {
                        return Math.min(length, 4096);
                    }
                });
        BlobId id = LogFixture.write(log, 3, 20_000);
        log.close();
        files.inject(Faults.NONE);
        fixture.assertThere(fixture.open(files), id);
    }

    @Test
    void aWriteThatStopsInsideABlockEndsAllWriting() {
        LogFixture.write(log, 1, 10);
        files.inject(
                new Faults() {
                    @Override
                    public int onWrite(String name, long offset, int length) {
                        return 0;
                    }
                });
        CompletableFuture<Void> write = LogFixture.submit(log, TestBlobs.id(2), 100);
        LogFixture.work(log);
        assertFails(write);
    }

    @Test
    void anUnreadableCopyIsDamagedAndTheDeviceGoesOn() {
        BlobId id = LogFixture.write(log, 1, 10_000);
        files.inject(
                new Faults() {
                    @Override
                    public void onRead(String name, long offset) throws IOException {
                        throw new IOException("Input/output error");
                    }
                });
        assertThrows(BlobDamagedException.class, () -> fixture.read(log, id, 0, 10));
        assertEquals(DeviceState.UP, log.state());
        assertEquals(1, log.stats().traffic().damagedReads());
        files.inject(Faults.NONE);
        fixture.assertThere(log, id);
    }

    @Test
    void aReadVerifiesTheBlocksItReturnsAndNoOthers() {
        BlobId id = LogFixture.write(log, 1, 20_000);
        String segment = Segment.name(0);
        byte[] bytes = media.bytes(segment);
        int payload = indexOf(bytes, TestBlobs.content(id, 20_000));
        media.flipBit(segment, payload + 9_000, 3);
        assertEquals(4096, fixture.read(log, id, 0, 4096).length);
        assertEquals(5_000, fixture.read(log, id, 12_288, 5_000).length);
        assertThrows(BlobDamagedException.class, () -> fixture.read(log, id, 8_192, 1));
        assertThrows(BlobDamagedException.class, () -> fixture.read(log, id, 0, 20_000));
    }

    private static int indexOf(byte[] bytes, byte[] wanted) {
        ByteBuffer sought = ByteBuffer.wrap(wanted);
        for (int at = 0; at + wanted.length <= bytes.length; at += 8) {
            if (ByteBuffer.wrap(bytes, at, wanted.length).slice().equals(sought)) {
                return at;
            }
        }
        throw new AssertionError("not found");
    }

    @Test
    void aBitFlippedOnTheWayIsNeverServed() {
        BlobId id = LogFixture.write(log, 1, 5_000);
        for (int offset = 0; offset < 64 + 8 + 8 + 5_000; offset++) {
            int at = offset;
            files.inject(
                    new Faults() {
                        @Override
                        public void afterRead(String name, long from, ByteBuffer bytes) {
                            bytes.put(at, (byte) (bytes.get(at) ^ 0x10));
                        }
                    });
            assertThrows(
                    BlobDamagedException.class,
                    () -> fixture.read(log, id, 0, 5_000),
                    () -> "served with a flipped bit at " + at);
        }
    }

    @Test
    void aWholeRecordFromAnotherPlaceIsNeverServed() {
        BlobId one = LogFixture.write(log, 8, 500);
        BlobId two = LogFixture.write(log, 16, 500);
        byte[] bytes = media.bytes(Segment.name(0));
        long[] firstOffset = {-1};
        files.inject(
                new Faults() {
                    @Override
                    public void onRead(String name, long offset) {
                        firstOffset[0] = offset;
                    }
                });
        fixture.read(log, one, 0, 500);
        int offset = (int) firstOffset[0];
        files.inject(
                new Faults() {
                    @Override
                    public void afterRead(String name, long from, ByteBuffer target) {
                        target.put(0, bytes, offset, target.remaining());
                    }
                });
        fixture.assertThere(log, one);
        assertThrows(BlobDamagedException.class, () -> fixture.read(log, two, 0, 500));
    }

    @Test
    void abandoningAHungBatchAnswersItsRequestsAtOnce() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        LogFixture.write(log, 1, 10);
        files.inject(
                new Faults() {
                    @Override
                    public void onSync(String name) throws IOException {
                        hanging.countDown();
                        try {
                            release.await();
                        } catch (InterruptedException e) {
                            throw new IOException(e);
                        }
                    }
                });
        CompletableFuture<Void> inBatch = LogFixture.submit(log, TestBlobs.id(2), 100);
        Thread agent = Thread.ofPlatform().start(() -> LogFixture.work(log));
        assertTrue(hanging.await(30, TimeUnit.SECONDS));
        CompletableFuture<Void> queued = LogFixture.submit(log, TestBlobs.id(3), 100);
        assertTrue(log.busySince(System.nanoTime()));
        log.abandon("a batch hangs");
        assertFails(inBatch);
        assertFails(queued);
        release.countDown();
        agent.join(30_000);
        assertEquals(
                -1, log.lengthBytes(TestBlobs.id(2)), "a batch that was given up changed things");
        assertFails(LogFixture.submit(log, TestBlobs.id(4), 100));
    }
}
