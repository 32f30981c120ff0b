package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BlobPool;
import io.varve.journal.record.BlobRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

final class IntakeTest {
    private static final int KIB = 1024;
    private static final int BLOB = 256 * KIB;
    private static final OwnerTag.Body OWNER = OwnerTag.ofObject(1, "key");

    private final FakeBlobs blobs = new FakeBlobs();
    private final Intake intake = intake(64L * BLOB, 2);

    private Intake intake(long memoryBytes, int inFlightMax) {
        return new Intake(
                new StoreConfig(BLOB, memoryBytes, 0, 1000, inFlightMax), blobs, () -> 1_000);
    }

    @AfterEach
    void leavesNoMemoryLeased() {
        assertEquals(0, intake.buffers().leasedBytes());
        intake.close();
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** As a store does whose record is accepted. */
    private static Stored received(Intake intake, BytesBody body) throws IOException {
        try (IntakeSession session = intake.open(OWNER, 0)) {
            CompletableFuture<Stored> stored = session.receive(body);
            try {
                stored.join();
            } catch (CompletionException e) {
                throw assertInstanceOf(StoreException.class, e.getCause());
            }
            session.keep();
            return stored.join();
        }
    }

    private byte[] contentOf(Stored stored) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (BlobRef ref : stored.manifest().blobs()) {
            byte[] bytes = requireNonNull(blobs.stored.get(Stored.idOf(ref)));
            assertEquals(ref.lengthBytes(), bytes.length);
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            assertEquals((int) crc.getValue(), ref.crc32c());
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    @Test
    void storesBodiesOfEveryLengthAroundItsBoundaries() throws Exception {
        for (int base : List.of(0, 4 * KIB, 16 * KIB, 64 * KIB, BLOB, 2 * BLOB, 5 * BLOB)) {
            for (int length = Math.max(0, base - 1); length <= base + 1; length++) {
                byte[] content = random(length, length);
                for (BytesBody body :
                        List.of(BytesBody.of(content), BytesBody.ofUnknownLength(content))) {
                    Stored stored = received(intake, body);
                    assertArrayEquals(content, contentOf(stored), "length " + length);
                    byte[] md5 = MessageDigest.getInstance("MD5").digest(content);
                    assertEquals(HexFormat.of().formatHex(md5), stored.md5());
                    int blobCount = (length + BLOB - 1) / BLOB;
                    assertEquals(blobCount, stored.manifest().blobs().size());
                }
            }
        }
    }

    @Test
    void writesNoBlobForAnEmptyBody() throws Exception {
        Stored stored = received(intake, BytesBody.of(new byte[0]));
        assertEquals("d41d8cd98f00b204e9800998ecf8427e", stored.md5());
        assertTrue(stored.manifest().blobs().isEmpty());
        assertTrue(blobs.events.isEmpty());
    }

    @Test
    void marksEachBlobWithItsPlaceInTheBody() throws Exception {
        long before = 0;
        for (int length : new int[] {1, BLOB, BLOB + 1, 3 * BLOB}) {
            Stored stored = received(intake, BytesBody.of(random(length, 1)));
            long offset = 0;
            long writeId = 0;
            for (BlobRef ref : stored.manifest().blobs()) {
                byte[] owner = requireNonNull(blobs.owners.get(Stored.idOf(ref)));
                OwnerTag tag = requireNonNull(OwnerTag.parse(owner));
                assertEquals(OWNER, new OwnerTag.Body(tag.bucketId(), tag.key(), 0, 0));
                assertEquals(offset, tag.offset());
                assertEquals(ref.lengthBytes(), tag.lengthBytes());
                offset += ref.lengthBytes();
                assertEquals(offset == length, tag.last());
                assertTrue(writeId == 0 || writeId == tag.writeId(), "one body has one id");
                writeId = tag.writeId();
            }
            assertTrue(writeId > before, "write ids grow");
            before = writeId;
        }
    }

    @Test
    void readsTheTagThatItWrites() {
        OwnerTag tag = new OwnerTag(7, "a/\u00e9".repeat(250), 99, 12, 10_000, 5L << 40, 9, true);
        byte[] bytes = tag.bytes();
        assertEquals(tag, OwnerTag.parse(bytes));
        assertTrue(bytes.length <= BlobPool.MAX_OWNER_TAG_BYTES);
        byte[] largest = new OwnerTag(1, "k".repeat(1024), 1, 1, 1, 1, 1, false).bytes();
        assertTrue(largest.length <= BlobPool.MAX_OWNER_TAG_BYTES);
        bytes[0] = 1;
        assertNull(OwnerTag.parse(bytes), "an older form");
        assertNull(OwnerTag.parse(new byte[0]));
    }

    @Test
    void dropsItsBlobsWhenTheBodyFails() {
        IOException failure = new IOException("client gone");
        BytesBody body = BytesBody.failingAtItsEnd(random(3 * BLOB + 5, 1), failure);
        IOException thrown = assertThrows(IOException.class, () -> received(intake, body));
        assertSame(failure, thrown);
        assertEquals("drop 3", blobs.events.getLast());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void dropsItsBlobsWhenTheMd5IsNotWhatTheClientSaid() {
        BytesBody body = BytesBody.withWrongMd5(random(BLOB + 5, 1));
        assertThrows(IOException.class, () -> received(intake, body));
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void stopsReadingAndDropsItsBlobsWhenAWriteFails() {
        blobs.failWritesFrom = 3;
        CountingStream stream = new CountingStream(random(40 * BLOB, 1));
        assertThrows(
                StoreException.class, () -> received(intake, BytesBody.of(stream, 40L * BLOB)));
        assertTrue(blobs.stored.isEmpty());
        assertTrue(stream.count <= 7L * BLOB, "read on: " + stream.count);
    }

    @Test
    void dropsOnlyAfterWritesUnderWayHaveEnded() throws Exception {
        blobs.holdWrites = true;
        CountDownLatch failed = new CountDownLatch(1);
        InputStream stream =
                new CountingStream(random(2 * BLOB, 1)) {
                    @Override
                    void atEnd() throws IOException {
                        failed.countDown();
                        throw new IOException("client gone");
                    }
                };
        CompletableFuture<Void> ended =
                CompletableFuture.runAsync(
                        () ->
                                assertThrows(
                                        IOException.class,
                                        () -> received(intake, BytesBody.of(stream, -1))));
        failed.await();
        synchronized (blobs) {
            assertFalse(blobs.events.stream().anyMatch(event -> event.startsWith("drop")));
            blobs.held.forEach(Runnable::run);
        }
        ended.get();
        assertEquals("drop 1", blobs.events.getLast());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void keepsNoMoreBlobsInFlightThanConfigured() throws Exception {
        blobs.holdWrites = true;
        byte[] content = random(6 * BLOB, 1);
        CompletableFuture<Stored> stored =
                CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return received(intake, BytesBody.of(content));
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });
        int written = 0;
        while (written < 6) {
            Runnable write;
            synchronized (blobs) {
                assertTrue(blobs.held.size() <= 2);
                // The last ones come alone: there is nothing more to receive beside them.
                write = blobs.held.size() == Math.min(2, 6 - written) ? blobs.held.poll() : null;
            }
            if (write != null) {
                write.run();
                written++;
            }
            Thread.onSpinWait();
        }
        assertArrayEquals(content, contentOf(stored.get()));
    }

    @Test
    void cutsSmallerBlobsInsteadOfWaitingWhenMemoryIsShort() throws Exception {
        try (Intake narrow = intake(BLOB, 2)) {
            // A body that has sent little holds little, but enough that no full blob fits beside
            // it.
            BufferPool.Lease other = narrow.buffers().acquire(64 * KIB);
            byte[] content = random(BLOB, 1);
            Stored stored = received(narrow, BytesBody.of(content));
            assertArrayEquals(content, contentOf(stored));
            assertTrue(stored.manifest().blobs().size() > 1);
            other.release();
            assertEquals(0, narrow.buffers().leasedBytes());
        }
    }

    @Test
    void staysWithinItsMemoryUnderManyBodiesAtOnce() throws Exception {
        long budget = 4L * BLOB;
        try (Intake narrow = intake(budget, 2)) {
            AtomicLong heldMax = new AtomicLong();
            List<CompletableFuture<Void>> ended = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] content = random(BLOB + i * 4099, i);
                CompletableFuture<Void> end = new CompletableFuture<>();
                ended.add(end);
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        Stored stored =
                                                received(
                                                        narrow, BytesBody.ofUnknownLength(content));
                                        heldMax.accumulateAndGet(
                                                narrow.buffers().heldBytes(), Math::max);
                                        assertArrayEquals(content, contentOf(stored));
                                        end.complete(null);
                                    } catch (Throwable t) {
                                        end.completeExceptionally(t);
                                    }
                                });
            }
            for (CompletableFuture<Void> end : ended) {
                end.get();
            }
            assertTrue(heldMax.get() <= budget, "held " + heldMax);
            assertEquals(0, narrow.buffers().leasedBytes());
        }
    }

    private static class CountingStream extends InputStream {
        private final ByteArrayInputStream bytes;
        long count;

        CountingStream(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        void atEnd() throws IOException {}

        @Override
        public int read() throws IOException {
            int value = bytes.read();
            if (value < 0) {
                atEnd();
            } else {
                count++;
            }
            return value;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = bytes.read(target, offset, length);
            if (read < 0) {
                atEnd();
            } else {
                count += read;
            }
            return read;
        }
    }
}
