package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.DeviceEvent;
import io.varve.devices.file.CrashFileSystem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a saved index is good for, and when it is not used. Crashes: DeviceLogCrashTest. */
final class SavedIndexTest {
    private static final int FILLER_BYTES = 16_000;

    private final CrashFileSystem media = new CrashFileSystem();
    private final LogFixture fixture = new LogFixture();
    private final List<BlobId> present = new ArrayList<>();
    private final List<BlobId> gone = new ArrayList<>();
    private long next = 1;

    private void write(DeviceLog log, int count, int lengthBytes) {
        for (int i = 0; i < count; i++) {
            present.add(LogFixture.write(log, next++, lengthBytes));
        }
    }

    private void delete(DeviceLog log, int which) {
        BlobId id = present.remove(which);
        assertTrue(LogFixture.delete(log, id));
        gone.add(id);
    }

    /** Sealed segments, an open one, deletes, a saved index, and some of all that after it. */
    private DeviceLog fillAndSave() throws IOException {
        DeviceLog log = fixture.open(media);
        write(log, 20, FILLER_BYTES);
        write(log, 5, 40);
        delete(log, 3);
        delete(log, 20);
        assertTrue(log.saveIndex());
        return log;
    }

    private void check(CrashFileSystem files) throws IOException {
        DeviceLog log = fixture.open(files);
        assertEquals(present.size(), log.stats().blobCount());
        for (BlobId id : present) {
            fixture.assertThere(log, id);
        }
        for (BlobId id : gone) {
            assertEquals(-1, log.lengthBytes(id));
        }
        log.close();
    }

    private int refusals() {
        return fixture.events(DeviceEvent.SavedIndexRefused.class).size();
    }

    @Test
    void whatCameAfterTheMarkIsAppliedToIt() throws IOException {
        DeviceLog log = fillAndSave();
        write(log, 3, 40);
        delete(log, 0);
        delete(log, present.size() - 1);
        LogFixture.replace(log, present.get(5));
        write(log, 12, FILLER_BYTES);
        check(media.afterKill(Long.MAX_VALUE));
        assertEquals(0, refusals());
    }

    @Test
    void theSegmentsNeedNotBeReadForWhatIsSaved() throws IOException {
        DeviceLog log = fillAndSave();
        CrashFileSystem killed = media.afterKill(Long.MAX_VALUE);
        assertFalse(fixture.events(DeviceEvent.SegmentSealed.class).isEmpty());
        // Rot before the mark is a reader's to find: the scan begins behind it.
        long sequence = log.stats().segmentCount() - 1L;
        killed.flipBit(Segment.name((int) sequence), SegmentHeader.SIZE_BYTES + 8, 1);
        DeviceLog again = fixture.open(killed);
        assertEquals(present.size(), again.stats().blobCount());
        assertTrue(fixture.events(DeviceEvent.SegmentDamaged.class).isEmpty());
        again.close();
    }

    @Test
    void placesInSegmentsThatWereReleasedSinceAreDropped() throws IOException {
        DeviceLog log = fillAndSave();
        while (present.size() > 4) {
            delete(log, 0);
        }
        while (log.compactOne()) {
            // Each call compacts one segment.
        }
        assertFalse(fixture.events(DeviceEvent.SegmentCompacted.class).isEmpty());
        check(media.afterKill(Long.MAX_VALUE));
        write(log, 30, FILLER_BYTES);
        check(media.afterKill(Long.MAX_VALUE));
        assertEquals(0, refusals());
    }

    @Test
    void aFlippedBitAnywhereRefusesIt() throws IOException {
        fillAndSave();
        CrashFileSystem killed = media.afterKill(Long.MAX_VALUE);
        byte[] saved = killed.bytes(IndexSaver.NAME);
        int flips = 0;
        int last = saved.length - 4096;
        for (int at = 0; at < last; at += at < 512 ? 1 : 1_021) {
            CrashFileSystem rotten = killed.copy();
            rotten.flipBit(IndexSaver.NAME, at, at & 7);
            boolean padding = at >= 96 && at < 128;
            check(rotten);
            flips += padding ? 0 : 1;
            assertEquals(flips, refusals(), "not found: " + at);
        }
        assertTrue(flips > 500);
    }

    @Test
    void oneThatIsCutShortIsRefused() throws IOException {
        fillAndSave();
        CrashFileSystem killed = media.afterKill(Long.MAX_VALUE);
        byte[] saved = killed.bytes(IndexSaver.NAME);
        for (int length = 0; length < saved.length - 4096; length += 20_011) {
            CrashFileSystem shortened = killed.copy();
            shortened.put(IndexSaver.NAME, Arrays.copyOf(saved, length));
            int before = refusals();
            check(shortened);
            assertEquals(before + 1, refusals(), "not found: " + length);
        }
    }

    @Test
    void oneThatIsAheadOfTheSegmentsIsRefused() throws IOException {
        DeviceLog log = fixture.open(media);
        write(log, 5, 40);
        CrashFileSystem earlier = media.copy();
        List<BlobId> then = List.copyOf(present);
        write(log, 30, FILLER_BYTES);
        while (present.size() > 6) {
            delete(log, 0);
        }
        while (log.compactOne()) {
            // The first segment begins another life.
        }
        write(log, 30, FILLER_BYTES);
        assertTrue(log.saveIndex());
        earlier.put(IndexSaver.NAME, media.bytes(IndexSaver.NAME));
        present.clear();
        present.addAll(then);
        gone.clear();
        check(earlier);
        assertEquals(1, refusals());
    }

    @Test
    void ofAnotherDeviceItIsRefused() throws IOException {
        fillAndSave();
        CrashFileSystem other = new CrashFileSystem();
        fixture.open(other).close();
        other.put(IndexSaver.NAME, media.bytes(IndexSaver.NAME));
        DeviceLog log = fixture.open(other);
        assertEquals(0, log.stats().blobCount());
        assertEquals(1, refusals());
        log.close();
    }

    @Test
    void whatIsLeftOfAnUnfinishedOneIsReplaced() throws IOException {
        DeviceLog log = fillAndSave();
        try (IndexSaver unfinished = log.beginSavingIndex()) {
            assertTrue(unfinished.step());
        }
        assertTrue(log.saveIndex());
        check(media.afterKill(Long.MAX_VALUE));
        assertEquals(0, refusals());
    }

    @Test
    void theSpaceThatIsToStayFreeStaysFree() throws IOException {
        DeviceLog log = fillAndSave();
        media.capacityBytes(1);
        assertFalse(log.saveIndex());
        assertEquals(1, fixture.events(DeviceEvent.IndexNotSaved.class).size());
        media.capacityBytes(1L << 40);
        check(media.afterKill(Long.MAX_VALUE));
    }
}
