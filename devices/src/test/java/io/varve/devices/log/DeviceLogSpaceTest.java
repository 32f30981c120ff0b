package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceState;
import io.varve.devices.SpaceLimits;
import io.varve.devices.file.CrashFileSystem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Space: compaction, tombstones, and what happens when there is none left. */
final class DeviceLogSpaceTest {
    private static final int LARGE = 16_000;

    private final CrashFileSystem media = new CrashFileSystem();

    private static DeviceConfig config(int segments, long lowSpaceBytes) {
        return LogWorkload.config()
                .withSpace(
                        new SpaceLimits(
                                LogWorkload.SEGMENT_BYTES,
                                segments * LogWorkload.SEGMENT_BYTES,
                                lowSpaceBytes,
                                2,
                                LogWorkload.MAX_BLOB_BYTES / 2));
    }

    private final LogFixture fixture = new LogFixture(config(10, 0));

    private static void compactAll(DeviceLog log) {
        int compacted = 0;
        while (log.compactOne()) {
            assertTrue(compacted++ < 100, "compaction does not end");
        }
    }

    /** Writes large blobs until one more segment is sealed. */
    private List<BlobId> fillSegment(DeviceLog log, long firstNumber) {
        int sealed = fixture.events(DeviceEvent.SegmentSealed.class).size();
        List<BlobId> ids = new ArrayList<>();
        while (fixture.events(DeviceEvent.SegmentSealed.class).size() == sealed) {
            ids.add(LogFixture.write(log, firstNumber + ids.size(), LARGE));
        }
        // The last one is in the next segment already.
        ids.removeLast();
        return ids;
    }

    @Test
    void winsBackTheSpaceOfDeletedBlobsAndKeepsTheOthers() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> kept = new ArrayList<>();
        for (long i = 0; i < 4; i++) {
            List<BlobId> ids = fillSegment(log, 1 + i * 100);
            kept.add(ids.removeFirst());
            ids.forEach(id -> assertTrue(LogFixture.delete(log, id)));
        }
        long before = log.stats().writableBytes();
        assertTrue(log.stats().deadBytes() > 3 * LogWorkload.SEGMENT_BYTES / 2);
        compactAll(log);
        assertTrue(log.stats().writableBytes() > before + 2 * LogWorkload.SEGMENT_BYTES);
        assertTrue(log.stats().traffic().releasedSegments() >= 4);
        kept.forEach(id -> fixture.assertThere(log, id));
        log.close();
        DeviceLog again = fixture.open(media);
        kept.forEach(id -> fixture.assertThere(again, id));
    }

    @Test
    void leavesASegmentAloneWhoseRestIsJustTooSmallForTheNextBlob() throws IOException {
        DeviceLog log = fixture.open(media);
        for (long i = 0; i < 4; i++) {
            fillSegment(log, 1 + i * 100);
        }
        assertFalse(log.compactOne());
    }

    @Test
    void compactsASegmentThatWasSealedEarly() throws IOException {
        DeviceLog log = fixture.open(media);
        BlobId id = LogFixture.write(log, 1, 500);
        LogFixture.write(log, 2, 5_000);
        log.close();
        // As if the last batch had been torn.
        media.flipBit(Segment.name(0), SegmentHeader.SIZE_BYTES + 4096 + 200, 0);
        DeviceLog again = fixture.open(media);
        assertEquals(1, fixture.events(DeviceEvent.TornTailCut.class).size());
        assertTrue(again.compactOne());
        fixture.assertThere(again, id);
    }

    @Test
    void keepsATombstoneForAsLongAsTheDeletedRecordIsOnMedia() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> old = fillSegment(log, 1);
        BlobId deleted = old.removeFirst();
        assertTrue(LogFixture.delete(log, deleted));
        // The tombstone's own segment goes, that of the deleted record stays.
        fillSegment(log, 100).forEach(id -> LogFixture.delete(log, id));
        fillSegment(log, 200).forEach(id -> LogFixture.delete(log, id));
        long released = log.stats().traffic().releasedSegments();
        compactAll(log);
        assertTrue(log.stats().traffic().releasedSegments() > released);
        log.close();
        DeviceLog again = fixture.open(media);
        assertEquals(-1, again.lengthBytes(deleted));
        old.forEach(id -> fixture.assertThere(again, id));
    }

    @Test
    void dropsTombstonesWhenNothingOlderIsLeft() throws IOException {
        DeviceLog log = fixture.open(media);
        for (long i = 0; i < 5; i++) {
            fillSegment(log, 1 + i * 100).forEach(id -> LogFixture.delete(log, id));
        }
        log.list((id, length) -> LogFixture.delete(log, id));
        // The open segment keeps its tombstones until it is sealed itself.
        fillSegment(log, 1_000).forEach(id -> LogFixture.delete(log, id));
        fillSegment(log, 2_000).forEach(id -> LogFixture.delete(log, id));
        log.list((id, length) -> LogFixture.delete(log, id));
        compactAll(log);
        assertEquals(0, log.stats().blobCount());
        assertEquals(0, log.stats().liveBytes());
    }

    @Test
    void movesADamagedCopyAsItIsAndStillDoesNotServeIt() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> ids = fillSegment(log, 1);
        BlobId damaged = ids.getFirst();
        media.flipBit(Segment.name(0), SegmentHeader.SIZE_BYTES + 5_000, 2);
        ids.subList(2, ids.size()).forEach(id -> LogFixture.delete(log, id));
        compactAll(log);
        assertEquals(1, fixture.events(DeviceEvent.SegmentCompacted.class).size());
        assertThrows(BlobDamagedException.class, () -> fixture.read(log, damaged, 0, LARGE));
        assertEquals(100, fixture.read(log, damaged, 12_000, 100).length, "other blocks are good");
        fixture.assertThere(log, ids.get(1));
    }

    @Test
    void aReplacedCopyIsGoodAndItsOldRecordStaysDead() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> ids = fillSegment(log, 1);
        BlobId damaged = ids.getFirst();
        media.flipBit(Segment.name(0), SegmentHeader.SIZE_BYTES + 5_000, 2);
        LogFixture.replace(log, damaged);
        fixture.assertThere(log, damaged);
        LogFixture.delete(log, damaged);
        fillSegment(log, 100).forEach(id -> LogFixture.delete(log, id));
        fillSegment(log, 200).forEach(id -> LogFixture.delete(log, id));
        compactAll(log);
        log.close();
        DeviceLog again = fixture.open(media);
        assertEquals(-1, again.lengthBytes(damaged));
        fixture.assertThere(again, ids.get(1));
    }

    @Test
    void refusesWritesWhenFullButDeletesCompactsAndTakesWritesAgain() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> ids = fillUp(log);
        assertEquals(DeviceState.UP, log.state());
        assertEquals(1, fixture.events(DeviceEvent.Full.class).size());
        ids.forEach(id -> fixture.assertThere(log, id));
        Random random = new Random(5);
        while (ids.size() > 10) {
            assertTrue(LogFixture.delete(log, ids.remove(random.nextInt(ids.size()))));
        }
        compactAll(log);
        ids.forEach(id -> fixture.assertThere(log, id));
        fixture.assertThere(log, LogFixture.write(log, 90_000, LARGE));
        assertEquals(1, fixture.events(DeviceEvent.SpaceRecovered.class).size());
        log.close();
        DeviceLog again = fixture.open(media);
        ids.forEach(id -> fixture.assertThere(again, id));
    }

    private static List<BlobId> fillUp(DeviceLog log) {
        List<BlobId> ids = new ArrayList<>();
        for (long number = 1; ; number++) {
            assertTrue(number < 10_000, "never full");
            BlobId id = TestBlobs.id(number);
            CompletableFuture<Void> write = LogFixture.submit(log, id, LARGE);
            LogFixture.work(log);
            if (write.isCompletedExceptionally()) {
                CompletionException e = assertThrows(CompletionException.class, write::join);
                assertInstanceOf(DeviceFullException.class, e.getCause());
                assertEquals(-1, log.lengthBytes(id));
                return ids;
            }
            ids.add(id);
        }
    }

    @Test
    void whatIsFullStaysSoOverARestartAndStillDeletes() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> ids = fillUp(log);
        log.close();
        DeviceLog again = fixture.open(media);
        ids.forEach(id -> fixture.assertThere(again, id));
        CompletableFuture<Void> write = LogFixture.submit(again, TestBlobs.id(77_777), LARGE);
        LogFixture.work(again);
        assertTrue(write.isCompletedExceptionally());
        assertTrue(LogFixture.delete(again, ids.getFirst()));
    }

    @Test
    void leavesTheLowSpaceThresholdToTheFileSystem() throws IOException {
        LogFixture bounded = new LogFixture(config(1_000, 3 * LogWorkload.SEGMENT_BYTES));
        media.capacityBytes(12 * LogWorkload.SEGMENT_BYTES);
        DeviceLog log = bounded.open(media);
        fillUp(log);
        assertTrue(media.usableBytes() >= 3 * LogWorkload.SEGMENT_BYTES);
        assertTrue(media.usableBytes() < 7 * LogWorkload.SEGMENT_BYTES, "refused too early");
    }

    @Test
    void deletesWhenOthersHaveFilledTheDisk() throws IOException {
        DeviceLog log = fixture.open(media);
        List<BlobId> ids = fillSegment(log, 1);
        long used = (1L << 40) - media.usableBytes();
        media.capacityBytes(used);
        log.tick();
        CompletableFuture<Void> write = LogFixture.submit(log, TestBlobs.id(9_999), LARGE);
        LogFixture.work(log);
        assertTrue(write.isCompletedExceptionally());
        ids.forEach(id -> assertTrue(LogFixture.delete(log, id)));
        assertEquals(DeviceState.UP, log.state());
        compactAll(log);
        assertFalse(fixture.events(DeviceEvent.SegmentCompacted.class).isEmpty());
        // The reserve is not for writes; they go on when the others give way.
        media.capacityBytes(1L << 40);
        log.tick();
        fixture.assertThere(log, LogFixture.write(log, 5_000, 100));
    }

    @Test
    void anEmptyDeviceTakesLittleDisk() throws IOException {
        LogFixture usual = new LogFixture(DeviceConfig.of(0, Path.of("memory")));
        DeviceLog log = usual.open(media);
        assertTrue(taken() <= 64 << 10, "taken: " + taken());
        LogFixture.write(log, 1, 100);
        assertTrue(taken() <= 2 << 20, "taken: " + taken());
    }

    private long taken() throws IOException {
        return (1L << 40) - media.usableBytes();
    }
}
