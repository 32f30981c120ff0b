package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

final class BlobIndexTest {
    private static final int SHAPE = BlobPlace.shape(4096, 16);

    @Test
    void behavesAsAMapDoes() {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            BlobIndex index = new BlobIndex();
            Map<BlobId, BlobPlace> model = new HashMap<>();
            // Few ids in a narrow range make long runs of neighbours, which removal must keep
            // whole.
            for (int i = 0; i < 60_000; i++) {
                BlobId id = new BlobId(seed, random.nextInt(9_000));
                if (random.nextInt(100) < 55) {
                    BlobPlace place =
                            new BlobPlace(random.nextInt(100), 8L * random.nextInt(1000), SHAPE);
                    index.put(id.high(), id.low(), place.slot(), place.offset(), place.shape());
                    model.put(id, place);
                } else {
                    boolean there = model.remove(id) != null;
                    assertEquals(there, index.remove(id.high(), id.low()), "seed=" + seed);
                }
            }
            assertEquals(model.size(), index.blobCount());
            for (int low = 0; low < 9_000; low++) {
                BlobId id = new BlobId(seed, low);
                assertEquals(model.get(id), index.find(seed, low), "seed=" + seed);
            }
            Map<BlobId, Integer> listed = new HashMap<>();
            index.forEach((id, length) -> assertNull(listed.put(id, length)));
            assertEquals(model.keySet(), listed.keySet());
        }
    }

    @Test
    void aPlaceKeepsAllOfItsFields() {
        BlobIndex index = new BlobIndex();
        long farthest = (4L << 30) - 8;
        index.put(-1, -2, SegmentTable.MAX_SLOTS, farthest, BlobPlace.shape(64 << 20, 64));
        BlobPlace place = index.find(-1, -2);
        assertNotNull(place);
        assertEquals(SegmentTable.MAX_SLOTS, place.slot());
        assertEquals(farthest, place.offset());
        assertEquals(64 << 20, place.payloadBytes());
        assertEquals(64 + 64 + 4 * 16_384, place.headBytes());
    }

    @Test
    void takes40To52BytesPerBlob() {
        BlobIndex index = new BlobIndex();
        Random random = new Random(3);
        double most = 0;
        for (int i = 1; i <= 400_000; i++) {
            index.put(random.nextLong(), random.nextLong(), 1, 4096, SHAPE);
            if (i > 100_000 && i % 1000 == 0) {
                most = Math.max(most, (double) index.sizeBytes() / i);
            }
        }
        double now = (double) index.sizeBytes() / 400_000;
        assertTrue(most <= 52, "most bytes per blob: " + most);
        assertTrue(now <= 52, "bytes per blob: " + now);
    }

    @Test
    void olderRecordsOfADeletedBlobAreDeadWhateverTheOrder() {
        BlobIndex index = new BlobIndex();
        index.loadTombstone(1, 1, 10, 3);
        index.loadTombstone(1, 1, 7, 3);
        assertEquals(BlobIndex.Loaded.DEAD, index.loadBlob(1, 1, 1, 4096, SHAPE, 9, 3));
        assertEquals(BlobIndex.Loaded.DEAD_TWIN, index.loadBlob(1, 1, 1, 4096, SHAPE, 9, 2));
        assertEquals(BlobIndex.Loaded.ADDED, index.loadBlob(1, 1, 2, 4096, SHAPE, 11, 3));
        assertEquals(BlobIndex.Loaded.TWIN, index.loadBlob(1, 1, 3, 4096, SHAPE, 11, 3));
        index.loadTombstone(2, 2, 5, 3);
        index.endLoad();
        assertEquals(new BlobPlace(2, 4096, SHAPE), index.find(1, 1));
        assertNull(index.find(2, 2));
        assertEquals(1, index.blobCount());
    }

    @Test
    void droppingTombstonesKeepsEveryBlob() {
        Random random = new Random(4);
        BlobIndex index = new BlobIndex();
        List<BlobId> blobs = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            BlobId id = new BlobId(random.nextLong(), random.nextLong());
            if (random.nextBoolean()) {
                index.loadTombstone(id.high(), id.low(), 1, 3);
            } else {
                index.loadBlob(id.high(), id.low(), 1, 8, SHAPE, 2, 3);
                blobs.add(id);
            }
        }
        index.endLoad();
        assertEquals(blobs.size(), index.blobCount());
        blobs.forEach(id -> assertNotNull(index.find(id.high(), id.low())));
        int[] listed = {0};
        index.forEach((id, length) -> listed[0]++);
        assertEquals(blobs.size(), listed[0]);
    }

    @Test
    void readersSeeEveryBlobWhileTheWriterAddsRemovesAndGrows() throws Exception {
        BlobIndex index = new BlobIndex();
        int kept = 2_000;
        for (int i = 0; i < kept; i++) {
            index.put(7, i, i, 8L * i, SHAPE);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<String> wrong = new AtomicReference<>("");
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 3; r++) {
            int seed = r;
            readers.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        Random random = new Random(seed);
                                        while (!done.get()) {
                                            int i = random.nextInt(kept);
                                            BlobPlace place = index.find(7, i);
                                            if (place == null
                                                    || place.slot() != i
                                                    || place.offset() != 8L * i) {
                                                wrong.set(i + " at " + place);
                                            }
                                        }
                                    }));
        }
        for (int i = 0; i < 300_000; i++) {
            index.put(8, i, 1, 8, SHAPE);
            if (i % 3 != 0) {
                assertTrue(index.remove(8, i));
            }
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertEquals("", wrong.get());
        assertFalse(index.remove(8, 1));
    }
}
