package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.file.CrashFileSystem;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Rot on media: a bit flipped at every byte of a small segment is found, and never served. */
final class DeviceLogRotTest {
    private static final int BLOBS = 12;
    private static final int BLOB_BYTES = 40;
    private static final int FILLER_BYTES = 16_000;

    private final CrashFileSystem media = new CrashFileSystem();
    private final LogFixture fixture = new LogFixture();
    private final List<BlobId> ids = new ArrayList<>();
    private BlobId deleted = TestBlobs.id(0);
    private boolean sealed;

    @BeforeEach
    void fillASegment() throws IOException {
        DeviceLog log = fixture.open(media);
        for (int i = 0; i < BLOBS; i++) {
            ids.add(LogFixture.write(log, i + 1L, BLOB_BYTES));
        }
        deleted = ids.remove(3);
        assertTrue(LogFixture.delete(log, deleted));
        log.close();
    }

    /** Fills the rest of the first segment, so that it is sealed. */
    private void seal() throws IOException {
        DeviceLog log = fixture.open(media);
        long next = 1000;
        while (fixture.events(DeviceEvent.SegmentSealed.class).isEmpty()) {
            ids.add(LogFixture.write(log, next++, FILLER_BYTES));
        }
        log.close();
    }

    @Test
    void aFlippedBitInAnOpenSegmentIsFoundAndNeverServed() throws IOException {
        flipEveryByte();
    }

    @Test
    void aFlippedBitInASealedSegmentIsFoundAndNeverServed() throws IOException {
        seal();
        sealed = true;
        flipEveryByte();
    }

    private void flipEveryByte() throws IOException {
        String name = Segment.name(0);
        byte[] original = media.bytes(name);
        int large = SegmentHeader.SIZE_BYTES + (BLOBS + 1) * 4096;
        int footer = original.length - 4096;
        for (int at = 0; at < original.length; at++) {
            boolean mayHoldNothing = original[at] == 0 || isOfDeleted(at);
            boolean onlyFills = at >= large && at < footer;
            // A sample is enough of what holds nothing, and of what only fills the segment.
            if ((mayHoldNothing && at % 61 != 0) || (onlyFills && at % 977 != 0)) {
                continue;
            }
            CrashFileSystem rotten = media.copy();
            rotten.flipBit(name, at, at & 7);
            boolean found = openAndCheck(rotten, at);
            assertTrue(found || mayHoldNothing, "a flipped bit at %d was not found".formatted(at));
        }
    }

    /**
     * The record of the deleted blob, which nobody reads any more, and its tombstone, which the
     * footer of a sealed segment repeats.
     */
    private boolean isOfDeleted(int at) {
        int batch = (at - SegmentHeader.SIZE_BYTES) / 4096;
        return batch == 3 || (batch == BLOBS && sealed);
    }

    /** Whether opening or reading noticed; fails when anything wrong was served. */
    private boolean openAndCheck(CrashFileSystem rotten, int at) throws IOException {
        fixture.events.clear();
        DeviceLog log = fixture.open(rotten);
        boolean found =
                fixture.events.stream()
                        .anyMatch(
                                event ->
                                        event instanceof DeviceEvent.SegmentDamaged
                                                || event instanceof DeviceEvent.SegmentLost
                                                || event instanceof DeviceEvent.FooterRebuilt
                                                || event instanceof DeviceEvent.TornTailCut);
        for (BlobId id : ids) {
            found |= !servesRight(log, id);
        }
        assertEquals(-1, log.lengthBytes(deleted), () -> "came back, flipped at " + at);
        log.close();
        return found;
    }

    private boolean servesRight(DeviceLog log, BlobId id) {
        try {
            fixture.assertThere(log, id);
            assertEquals(id.low() <= BLOBS ? BLOB_BYTES : FILLER_BYTES, log.lengthBytes(id));
            return true;
        } catch (BlobDamagedException | BlobMissingException | NegativeArraySizeException e) {
            return false;
        }
    }

    @Test
    void everyRecordOfASealedSegmentOutlivesItsFooter() throws IOException {
        seal();
        byte[] bytes = media.bytes(Segment.name(0));
        media.flipBit(Segment.name(0), bytes.length - 10, 0);
        media.flipBit(Segment.name(0), bytes.length - 64, 0);
        fixture.events.clear();
        DeviceLog log = fixture.open(media);
        for (BlobId id : ids) {
            fixture.assertThere(log, id);
        }
        assertEquals(-1, log.lengthBytes(deleted));
        log.close();
        fixture.events.clear();
        fixture.open(media).close();
        assertTrue(fixture.events(DeviceEvent.FooterRebuilt.class).isEmpty(), "made anew once");
    }

    @Test
    void aDamagedRecordInTheMiddleCostsNoOther() throws IOException {
        byte[] bytes = media.bytes(Segment.name(0));
        int fifth = SegmentHeader.SIZE_BYTES + 5 * 4096;
        assertFalse(bytes[fifth] == 0);
        media.flipBit(Segment.name(0), fifth + 20, 1);
        DeviceLog log = fixture.open(media);
        assertEquals(1, fixture.events(DeviceEvent.SegmentDamaged.class).size());
        List<BlobId> left = new ArrayList<>();
        log.list((id, length) -> left.add(id));
        assertEquals(ids.size() - 1, left.size());
        for (BlobId id : left) {
            fixture.assertThere(log, id);
        }
    }

    private void rotHeader(int slot, int copies) {
        for (int copy = 0; copy < copies; copy++) {
            media.flipBit(Segment.name(slot), (long) copy * SegmentHeader.COPY_BYTES + 17, 0);
        }
    }

    @Test
    void theHeaderOfTheOpenSegmentIsWrittenAgain() throws IOException {
        DeviceLog log = fixture.open(media);
        for (int copies = 1; copies <= 2; copies++) {
            rotHeader(0, copies);
            assertEquals(1, log.repairSegments());
            assertEquals(0, log.repairSegments());
        }
        ids.add(LogFixture.write(log, 5000, BLOB_BYTES));
        log.close();
        fixture.events.clear();
        DeviceLog again = fixture.open(media);
        assertEquals(List.of(), fixture.events(DeviceEvent.SegmentDamaged.class));
        for (BlobId id : ids) {
            fixture.assertThere(again, id);
        }
        assertEquals(-1, again.lengthBytes(deleted));
        again.close();
    }

    /** Otherwise one more flipped bit would have it in use again, with all that was in it. */
    @Test
    void theHeaderOfAFreeSegmentIsWrittenAgain() throws IOException {
        seal();
        DeviceLog log = fixture.open(media);
        ids.forEach(id -> assertTrue(LogFixture.delete(log, id)));
        while (log.compactOne()) {
            LogFixture.work(log);
        }
        byte[] bytes = media.bytes(Segment.name(0));
        assertEquals(2, bytes[12], "it says that it is free");
        for (int copies = 1; copies <= 2; copies++) {
            rotHeader(0, copies);
            assertEquals(1, log.repairSegments());
            assertEquals(0, log.repairSegments());
        }
        assertArrayEquals(bytes, media.bytes(Segment.name(0)));
        // As a release leaves it that the power was cut off in.
        CrashFileSystem torn = media.copy();
        byte[] key = log.label().key();
        log.close();
        tear(torn, key);
        fixture.events.clear();
        DeviceLog again = fixture.open(torn);
        assertEquals(0, again.repairSegments(), "nothing has rotted");
        assertEquals(2, torn.bytes(Segment.name(0))[SegmentHeader.COPY_BYTES + 12]);
        assertEquals(List.of(), fixture.events(DeviceEvent.SegmentDamaged.class));
        again.close();
    }

    /** Has the second copy of the first header say that it is in use. */
    private static void tear(CrashFileSystem files, byte[] key) {
        byte[] bytes = files.bytes(Segment.name(0));
        ByteBuffer free = ByteBuffer.wrap(bytes, 0, SegmentHeader.SIZE_BYTES).slice();
        SegmentHeader header = requireNonNull(SegmentHeader.decode(free, key).header());
        ByteBuffer used = ByteBuffer.allocate(SegmentHeader.SIZE_BYTES);
        new SegmentHeader(
                        true,
                        header.sequence(),
                        header.slot(),
                        header.maxBatchBytes(),
                        header.segmentSizeBytes())
                .encode(used, key);
        System.arraycopy(
                used.array(),
                SegmentHeader.COPY_BYTES,
                bytes,
                SegmentHeader.COPY_BYTES,
                SegmentHeader.COPY_BYTES);
        files.put(Segment.name(0), bytes);
    }

    @Test
    void aSegmentWithoutItsHeaderIsSetAsideAndTheDeviceGoesOn() throws IOException {
        media.flipBit(Segment.name(0), 17, 0);
        media.flipBit(Segment.name(0), 2048 + 17, 0);
        DeviceLog log = fixture.open(media);
        assertEquals(1, fixture.events(DeviceEvent.SegmentLost.class).size());
        BlobId id = LogFixture.write(log, 5000, 100);
        log.close();
        DeviceLog again = fixture.open(media);
        assertArrayEquals(
                TestBlobs.content(id, 100), fixture.read(again, id, 0, again.lengthBytes(id)));
        assertEquals(1, again.stats().blobCount());
    }
}
