package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Manifest;
import io.varve.projections.namespace.ObjectVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32C;

final class VersionReaderTest {
    private static final int SHARES = 4;

    private final FakeBlobs blobs = new FakeBlobs();
    private final FakeView view = new FakeView();
    private final ReadMemory memory = new ReadMemory(SHARES * 2L * ReadMemory.LARGE_STEP_BYTES);
    private long nextId;

    @AfterEach
    void givesItsMemoryBack() {
        assertEquals(SHARES, memory.sharesFree());
    }

    private Manifest manifest(byte[] content, int... blobLengths) {
        List<BlobRef> refs = new ArrayList<>();
        int from = 0;
        for (int length : blobLengths) {
            byte[] bytes = Arrays.copyOfRange(content, from, from + length);
            CRC32C crc = new CRC32C();
            crc.update(bytes);
            BlobId id = new BlobId(1, ++nextId);
            blobs.stored.put(id, bytes);
            refs.add(new BlobRef(id.high(), id.low(), length, (int) crc.getValue()));
            from += length;
        }
        assertEquals(content.length, from);
        return new Manifest(0, refs);
    }

    private static byte[] random(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] read(ObjectVersion version, long offset, long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (VersionReader reader =
                VersionReader.open(view, blobs, memory, version, offset, length)) {
            assertEquals(length, reader.lengthBytes());
            reader.transferTo(out);
        }
        return out.toByteArray();
    }

    private static int[] cut(int length, int pieceMax, Random random) {
        List<Integer> pieces = new ArrayList<>();
        for (int left = length; left > 0; ) {
            int piece = Math.min(left, 1 + random.nextInt(pieceMax));
            pieces.add(piece);
            left -= piece;
        }
        return pieces.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void readsEveryRangeAsTheBytesAre() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            boolean large = round % 30 == 0;
            int size = 1 + random.nextInt(large ? 6 << 20 : 5000);
            int pieceMax = large ? 3 << 20 : 1 + random.nextInt(900);
            byte[] content = random(size, random);
            ObjectVersion version =
                    round % 2 == 0
                            ? view.put("k", round, manifest(content, cut(size, pieceMax, random)))
                            : inParts(round, content, pieceMax, random);
            for (int i = 0; i < 10; i++) {
                int offset = random.nextInt(size + 1);
                int length = random.nextInt(size - offset + 1);
                assertArrayEquals(
                        Arrays.copyOfRange(content, offset, offset + length),
                        read(version, offset, length),
                        "seed %d, round %d, offset %d, length %d"
                                .formatted(seed, round, offset, length));
            }
            assertArrayEquals(content, read(version, 0, size), "seed " + seed);
        }
    }

    private ObjectVersion inParts(int position, byte[] content, int pieceMax, Random random) {
        Map<Integer, Manifest> parts = new TreeMap<>();
        int number = 0;
        int from = 0;
        for (int length : cut(content.length, Math.max(1, content.length / 3), random)) {
            number += 1 + random.nextInt(3);
            byte[] part = Arrays.copyOfRange(content, from, from + length);
            parts.put(number, manifest(part, cut(length, pieceMax, random)));
            from += length;
        }
        return view.putParts("k", position, parts);
    }

    @Test
    void loadsOnlyThePartsOfTheRange() throws Exception {
        byte[] part = random(100, new Random(1));
        Map<Integer, Manifest> parts = new TreeMap<>();
        for (int number = 1; number <= 50; number++) {
            parts.put(number, manifest(part, 60, 40));
        }
        ObjectVersion version = view.putParts("k", 1, parts);
        assertEquals(150, read(version, 2050, 150).length);
        assertEquals(List.of(21, 22), view.partsLoaded);
    }

    @Test
    void readsASmallObjectAtOnceWhenItIsOpened() throws Exception {
        ObjectVersion version = view.put("k", 1, manifest(random(4096, new Random(1)), 4096));
        try (VersionReader reader = VersionReader.open(view, blobs, memory, version, 0, 4096)) {
            assertEquals(1, blobs.reads.get());
            reader.transferTo(OutputStream.nullOutputStream());
        }
        assertEquals(1, blobs.reads.get());
    }

    @Test
    void readsNothingOfAnEmptyRange() throws Exception {
        ObjectVersion version = view.put("k", 1, manifest(random(10, new Random(1)), 10));
        assertEquals(0, read(version, 10, 0).length);
        ObjectVersion empty = view.put("e", 2, Manifest.EMPTY);
        assertEquals(0, read(empty, 0, 0).length);
        assertEquals(0, blobs.reads.get());
    }

    @Test
    void refusesRangesOutsideOfTheVersion() {
        ObjectVersion version = view.put("k", 1, manifest(random(10, new Random(1)), 10));
        assertThrows(IllegalArgumentException.class, () -> read(version, 1, 10));
        assertThrows(IllegalArgumentException.class, () -> read(version, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> read(version, 5, Long.MAX_VALUE));
    }

    @Test
    void failsToOpenWhenTheFirstBytesAreLost() {
        ObjectVersion version = view.put("k", 1, manifest(random(10, new Random(1)), 10));
        blobs.stored.clear();
        StoreException lost =
                assertThrows(
                        StoreException.class,
                        () -> VersionReader.open(view, blobs, memory, version, 0, 10));
        assertEquals(Category.LOST, lost.category());
    }

    @Test
    void tellsToTryAgainWhenTheVersionWentAway() {
        ObjectVersion version = view.put("k", 1, manifest(random(10, new Random(1)), 10));
        view.manifests.clear();
        StoreException gone = assertThrows(StoreException.class, () -> read(version, 0, 10));
        assertEquals(Category.UNAVAILABLE, gone.category());
    }

    @Test
    void handsOutNothingOfABlobThatIsNotTheOneOfTheRecord() {
        ObjectVersion version = view.put("k", 1, manifest(random(10, new Random(1)), 10));
        blobs.stored.replaceAll((id, bytes) -> random(10, new Random(2)));
        StoreException lost = assertThrows(StoreException.class, () -> read(version, 0, 10));
        assertEquals(Category.LOST, lost.category());
    }

    @Test
    void breaksOffWhenALaterBlobIsLost() {
        byte[] content = random(3000, new Random(1));
        ObjectVersion version = view.put("k", 1, manifest(content, 1000, 1000, 1000));
        blobs.stored.remove(new BlobId(1, 3));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (VersionReader reader = VersionReader.open(view, blobs, memory, version, 0, 3000)) {
            assertThrows(StoreException.class, () -> reader.transferTo(out));
        }
        assertArrayEquals(Arrays.copyOf(content, 2000), out.toByteArray());
    }

    @Test
    void readsOnInSmallStepsWhenMemoryIsShort() throws Exception {
        byte[] content = random(3 << 20, new Random(1));
        ObjectVersion version = view.put("k", 1, manifest(content, 2 << 20, 1 << 20));
        List<VersionReader> others = new ArrayList<>();
        for (int i = 0; i < SHARES; i++) {
            others.add(VersionReader.open(view, blobs, memory, version, 0, content.length));
        }
        assertEquals(0, memory.sharesFree());
        int before = blobs.reads.get();
        assertArrayEquals(content, read(version, 0, content.length));
        assertTrue(blobs.reads.get() - before >= 48, "reads: " + (blobs.reads.get() - before));
        others.forEach(VersionReader::close);
    }

    @Test
    void endsItsReadAheadWhenTheClientIsGone() {
        byte[] content = random(3 << 20, new Random(1));
        ObjectVersion version = view.put("k", 1, manifest(content, 3 << 20));
        VersionReader reader = VersionReader.open(view, blobs, memory, version, 0, content.length);
        OutputStream gone =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("client gone");
                    }
                };
        assertThrows(IOException.class, () -> reader.transferTo(gone));
        reader.close();
        reader.close();
    }
}
