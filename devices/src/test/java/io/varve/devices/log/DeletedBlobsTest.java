package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.file.CrashFileSystem;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What a log tells of its tombstones: which blobs were deleted, not which copies went. */
final class DeletedBlobsTest {
    private final LogFixture fixture = new LogFixture();
    private final CrashFileSystem media = new CrashFileSystem();

    private static void drop(DeviceLog log, BlobId id) {
        CompletableFuture<Boolean> dropped = log.dropCopy(id);
        LogFixture.work(log);
        assertTrue(dropped.join());
    }

    private Set<BlobId> deletedAfterARestart() throws IOException {
        Set<BlobId> deleted = new HashSet<>();
        DeviceLog log = fixture.open(media);
        log.listDeleted(deleted::add);
        log.close();
        return deleted;
    }

    @Test
    void copiesThatWereMovedOrReplacedAreNotDeleted() throws IOException {
        DeviceLog log = fixture.open(media);
        BlobId deleted = LogFixture.write(log, 1, 1000);
        BlobId moved = LogFixture.write(log, 2, 1000);
        BlobId replaced = LogFixture.write(log, 3, 1000);
        LogFixture.write(log, 4, 1000);
        // Into other segments, so that tombstones are needed for what was before.
        for (int i = 0; i < 20; i++) {
            LogFixture.write(log, 100 + i, 15_000);
        }
        LogFixture.delete(log, deleted);
        drop(log, moved);
        LogFixture.replace(log, replaced);
        log.close();
        assertEquals(Set.of(deleted), deletedAfterARestart());
        assertEquals(Set.of(deleted), deletedAfterARestart(), "from footers, where sealed");
    }

    @Test
    void aCompactionCarriesTheDifference() throws IOException {
        DeviceLog log = fixture.open(media);
        BlobId deleted = LogFixture.write(log, 1, 1000);
        BlobId moved = LogFixture.write(log, 2, 1000);
        LogFixture.write(log, 3, 15_000);
        for (int i = 0; i < 10; i++) {
            LogFixture.write(log, 100 + i, 15_000);
        }
        LogFixture.delete(log, deleted);
        drop(log, moved);
        // The segment with the tombstones has nothing else to live for, and is compacted.
        for (int i = 0; i < 40; i++) {
            BlobId filler = LogFixture.write(log, 200 + i, 15_000);
            LogFixture.delete(log, filler);
        }
        int compacted = 0;
        while (compacted < 5 && log.compactOne()) {
            compacted++;
        }
        assertTrue(compacted > 0, "nothing was compacted");
        log.close();
        Set<BlobId> told = deletedAfterARestart();
        assertTrue(!told.contains(moved), "the blob lives on elsewhere");
        assertTrue(told.contains(deleted), told::toString);
    }
}
