package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceStats;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.file.CrashFileSystem;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What compaction moves while blobs chosen evenly at random are replaced. */
final class CompactionCostTest {
    private static final long SEED = 20_26;
    private static final long SEGMENT_BYTES = 256 << 10;
    private static final int BLOB_BYTES = 7_700;

    /** With head and tag, and the tombstone of the one before. */
    private static final int RECORD_BYTES = 8_192;

    private final CrashFileSystem media = new CrashFileSystem();
    private int segments = 50;
    private long lastNumber;

    private LogFixture fixture(double deadRatio) {
        DeviceConfig config =
                LogWorkload.config()
                        .withWrites(WriteLimits.DEFAULT.withMaxBlobBytes(RECORD_BYTES))
                        .withCompaction(new CompactionPace(deadRatio, 1L << 40))
                        .withSpace(
                                new SpaceLimits(
                                        SEGMENT_BYTES, segments * SEGMENT_BYTES, 0, 2, 4096));
        return new LogFixture(config);
    }

    private List<BlobId> fill(DeviceLog log, double utilisation) {
        long blobs = (long) (utilisation * segments * SEGMENT_BYTES / RECORD_BYTES);
        List<BlobId> live = new ArrayList<>();
        while (live.size() < blobs) {
            live.add(LogFixture.write(log, ++lastNumber, BLOB_BYTES));
        }
        return live;
    }

    private void replace(DeviceLog log, List<BlobId> live, double turns, Random random) {
        for (long left = (long) (turns * live.size()); left > 0; left--) {
            int victim = random.nextInt(live.size());
            BlobId next = TestBlobs.id(++lastNumber);
            CompletableFuture<Boolean> deleted = log.delete(live.get(victim));
            CompletableFuture<Void> written = LogFixture.submit(log, next, BLOB_BYTES);
            LogFixture.work(log);
            assertTrue(deleted.join());
            written.join();
            live.set(victim, next);
            while (log.compactOne()) {
                LogFixture.work(log);
            }
        }
    }

    @Test
    void staysBelowThatOfCleaningSegmentsAsFullAsTheDevice() throws IOException {
        staysBelow(0.5, 50);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 0.7, 0.85})
    void staysBelowThatOfCleaningSegmentsAsFullAsTheDevice(double utilisation) throws IOException {
        staysBelow(utilisation, 100);
    }

    private void staysBelow(double utilisation, int count) throws IOException {
        segments = count;
        DeviceLog log = fixture(CompactionPace.DEFAULT.deadRatio()).open(media);
        Random random = new Random(SEED);
        List<BlobId> live = fill(log, utilisation);
        replace(log, live, 1, random);
        DeviceStats before = log.stats();
        replace(log, live, 1.5, random);
        DeviceStats after = log.stats();
        double written = after.traffic().writtenBytes() - before.traffic().writtenBytes();
        double moved = after.traffic().compactedBytes() - before.traffic().compactedBytes();
        double cost = 2 * (written + moved) / written;
        assertTrue(cost <= 2 / (1 - utilisation), () -> "cost " + cost + ", seed " + SEED);
        assertTrue(after.writableBytes() > 0, "there is room for the next");
        log.close();
    }

    @Test
    void anOperatorMayWantTheSpaceBackSooner() throws IOException {
        DeviceLog lazy = fixture(1).open(media);
        List<BlobId> live = fill(lazy, 0.1);
        for (int i = 0; i < live.size(); i += 2) {
            assertTrue(LogFixture.delete(lazy, live.get(i)));
        }
        assertFalse(lazy.compactOne(), "nobody needs the room");
        lazy.close();
        DeviceLog eager = fixture(0.4).open(media);
        assertTrue(eager.compactOne());
        eager.close();
    }
}
