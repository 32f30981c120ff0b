package io.varve.devices.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.devices.CompactionPace;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.SpaceLimits;
import io.varve.devices.WriteLimits;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.file.PowerCutException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A seeded workload on a device log without threads, and what must be true of the log at any
 * moment: acknowledged blobs are there with the right bytes, deleted ones are not, and nothing that
 * was never written is.
 */
final class LogWorkload {
    static final UUID SITE = new UUID(11, 22);
    static final long SEGMENT_BYTES = 128 << 10;
    static final int MAX_BLOB_BYTES = 20 << 10;

    private static final int MAX_GROUP = 6;

    /** What is known of a blob. */
    enum Known {
        /** Write on its way: there and right, or not there. */
        WRITING,
        PRESENT,
        /** Delete on its way: there and right, or not there. */
        DELETING,
        GONE
    }

    private final Random random;
    private final DeviceListener listener;
    private final Map<BlobId, Known> known = new TreeMap<>();
    private final List<BlobId> present = new ArrayList<>();
    private final ReadScratch scratch = ReadScratch.allocate(MAX_BLOB_BYTES);
    private long nextId = 1;
    private @Nullable Consumer<Random> rot;

    LogWorkload(long seed, DeviceListener listener) {
        this.random = new Random(seed);
        this.listener = listener;
    }

    static DeviceConfig config() {
        return DeviceConfig.of(0, Path.of("memory"))
                .withWrites(WriteLimits.DEFAULT.withMaxBlobBytes(MAX_BLOB_BYTES))
                .withSpace(
                        new SpaceLimits(
                                SEGMENT_BYTES, 24 * SEGMENT_BYTES, 0, 2, MAX_BLOB_BYTES / 2))
                .withCompaction(new CompactionPace(0.2, 1L << 40));
    }

    /**
     * Has something rot now and then, which may cost no blob, with a repair to follow at once. What
     * comes is another workload than without.
     */
    LogWorkload withRot(Consumer<Random> what) {
        rot = what;
        return this;
    }

    DeviceLog open(DeviceFiles files) throws IOException {
        return DeviceLog.open(config(), files, SITE, true, Runnable::run, Pacer.NONE, listener);
    }

    /** Runs so many rounds, reopening now and then; stops early when the log fails. */
    void run(DeviceFiles files, int rounds) throws IOException {
        DeviceLog log = open(files);
        for (int round = 0; round < rounds && log.failure() == null; round++) {
            int what = random.nextInt(20);
            if (what < 15) {
                group(log);
            } else if (what < 16 && rot != null) {
                rot.accept(random);
                log.repairSegments();
            } else if (what < 18) {
                log.compactOne();
            } else if (what < 19) {
                saveIndex(log);
            } else {
                log.close();
                log = open(files);
                check(log);
            }
        }
        log.close();
    }

    /** Saves the index, most often while the log goes on; now and then it is left unfinished. */
    private void saveIndex(DeviceLog log) throws IOException {
        try (IndexSaver saver = log.beginSavingIndex()) {
            int untilNext = random.nextInt(2) == 0 ? Integer.MAX_VALUE : random.nextInt(150);
            boolean unfinished = random.nextInt(8) == 0;
            for (int step = 0; saver.step(); step++) {
                if (step == untilNext && log.failure() == null) {
                    if (unfinished) {
                        return;
                    }
                    group(log);
                    if (random.nextInt(2) == 0) {
                        log.compactOne();
                    }
                    untilNext = step + 1 + random.nextInt(150);
                }
            }
        } catch (PowerCutException | DeviceException e) {
            // The log finds that out itself.
        }
    }

    /** Some writes and deletes that share a batch, or nearly. */
    private void group(DeviceLog log) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        int size = 1 + random.nextInt(MAX_GROUP);
        for (int i = 0; i < size; i++) {
            int length = TestBlobs.length(TestBlobs.id(nextId), MAX_BLOB_BYTES);
            boolean full = !log.setAside(length, 8);
            if (!full) {
                log.giveBack(length, 8);
            }
            boolean delete = full || (present.size() > 8 && random.nextInt(100) < 48);
            answers.add(delete ? delete(log) : write(log));
        }
        while (log.doWork() > 0) {
            // Each call writes one batch.
        }
        assertTrue(answers.stream().allMatch(CompletableFuture::isDone), "an answer is missing");
    }

    private CompletableFuture<?> write(DeviceLog log) {
        boolean replace = !present.isEmpty() && random.nextInt(12) == 0;
        BlobId id = replace ? present.get(random.nextInt(present.size())) : TestBlobs.id(nextId++);
        int length = TestBlobs.length(id, MAX_BLOB_BYTES);
        if (!replace) {
            known.put(id, Known.WRITING);
        }
        if (!log.setAside(length, TestBlobs.tag(id).length)) {
            known.remove(id, Known.WRITING);
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        log.write(
                id,
                TestBlobs.payload(id, length),
                TestBlobs.tag(id),
                replace,
                (changed, failure) -> {
                    boolean done = failure == null;
                    if (done && known.get(id) == Known.WRITING) {
                        known.put(id, Known.PRESENT);
                        present.add(id);
                    }
                    answer.complete(done);
                });
        return answer;
    }

    private CompletableFuture<?> delete(DeviceLog log) {
        BlobId id = present.remove(random.nextInt(present.size()));
        known.put(id, Known.DELETING);
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        log.delete(
                id,
                (changed, failure) -> {
                    if (failure == null) {
                        known.put(id, Known.GONE);
                    }
                    answer.complete(failure == null);
                });
        return answer;
    }

    /** Checks a log that was just opened, and settles what was in doubt by what is there now. */
    void check(DeviceLog log) {
        known.replaceAll(
                (id, state) ->
                        switch (state) {
                            case PRESENT -> {
                                assertTrue(isThere(log, id), "lost: " + id.low());
                                yield state;
                            }
                            case GONE -> {
                                assertEquals(-1, log.lengthBytes(id), "came back: " + id.low());
                                yield state;
                            }
                            case WRITING, DELETING -> isThere(log, id) ? Known.PRESENT : Known.GONE;
                        });
        present.clear();
        known.forEach(
                (id, state) -> {
                    if (state == Known.PRESENT) {
                        present.add(id);
                    }
                });
        log.list((id, length) -> assertEquals(Known.PRESENT, known.get(id), "ghost: " + id));
        assertEquals(present.size(), log.stats().blobCount());
        checkSpace(log);
    }

    private void checkSpace(DeviceLog log) {
        long live = 0;
        for (BlobId id : present) {
            int length = TestBlobs.length(id, MAX_BLOB_BYTES);
            live += BlobPlace.recordBytes(BlobPlace.shape(length, TestBlobs.tag(id).length));
        }
        long tombstones = log.stats().liveBytes() - live;
        assertTrue(
                tombstones >= 0 && tombstones % RecordDescriptor.TOMBSTONE_BYTES == 0,
                "live bytes are off by " + tombstones);
        assertTrue(log.stats().deadBytes() >= 0);
    }

    private boolean isThere(DeviceLog log, BlobId id) {
        int length = log.lengthBytes(id);
        if (length < 0) {
            return false;
        }
        assertEquals(TestBlobs.length(id, MAX_BLOB_BYTES), length);
        byte[] bytes = bytes(log, id, length);
        assertArrayEquals(TestBlobs.content(id, length), bytes);
        assertArrayEquals(TestBlobs.tag(id), log.ownerTag(id, scratch));
        return true;
    }

    private byte[] bytes(DeviceLog log, BlobId id, int length) {
        ByteBuffer read = log.read(id, 0, length, scratch);
        byte[] bytes = new byte[read.remaining()];
        read.get(bytes);
        return bytes;
    }

    /** Deletes every blob, and checks that all space comes back. */
    void drain(DeviceLog log) {
        List.copyOf(present).forEach(id -> log.delete(id, (changed, failure) -> {}));
        known.replaceAll((id, state) -> Known.GONE);
        present.clear();
        while (log.doWork() > 0) {
            // Each call writes one batch.
        }
        int compacted = 0;
        while (log.compactOne()) {
            assertTrue(compacted++ < 1_000, "compaction does not end");
        }
        assertEquals(0, log.stats().blobCount());
        assertTrue(log.stats().segmentCount() <= 2, () -> "segments left: " + log.stats());
    }

    /** Opens and checks; null when the power went again. */
    @Nullable DeviceLog recover(DeviceFiles files) throws IOException {
        try {
            DeviceLog log = open(files);
            check(log);
            return log;
        } catch (PowerCutException e) {
            return null;
        } catch (DeviceException e) {
            throw new AssertionError("recovery refused the device", e);
        }
    }
}
