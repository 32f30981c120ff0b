package io.varve.devices.log;

import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Decides when the index is saved, and has it saved. A start then takes up what was saved in bulk,
 * and only what was appended since record by record: that is never much more than a quarter of the
 * index, and what saving costs is never much more than to write each blob's entry five times.
 *
 * <p>Any thread. A failure to save is told and costs the next start some time, nothing else.
 */
final class IndexKeeper {
    /** Fewer records than this are read faster than a file of all shards. */
    static final long MIN_RECORDS = 32 << 10;

    private static final int SHARE = 4;

    /** A stop saves for less, since a start follows. */
    private static final int SHARE_AT_STOP = 16;

    private final int deviceId;
    private final SegmentTable segments;
    private final BlobIndex index;
    private final Compactor.RequestSink sink;
    private final Pacer pacer;
    private final LogCounters counters;
    private final DeviceListener listener;
    private final BooleanSupplier cancelled;

    /** Held while files are written. */
    private final ReentrantLock saving = new ReentrantLock();

    /**
     * Records appended up to the mark of the last save; below zero by what was not saved before.
     */
    private final AtomicLong savedRecords;

    IndexKeeper(
            int deviceId,
            SegmentTable segments,
            BlobIndex index,
            Compactor.RequestSink sink,
            Pacer pacer,
            LogCounters counters,
            DeviceListener listener,
            long unsavedRecords,
            BooleanSupplier cancelled) {
        this.deviceId = deviceId;
        this.segments = segments;
        this.index = index;
        this.sink = sink;
        this.pacer = pacer;
        this.counters = counters;
        this.listener = listener;
        this.savedRecords = new AtomicLong(-unsavedRecords);
        this.cancelled = cancelled;
    }

    boolean due() {
        return isDue(MIN_RECORDS, SHARE);
    }

    boolean dueAtStop() {
        return isDue(MIN_RECORDS / SHARE, SHARE_AT_STOP);
    }

    private boolean isDue(long minRecords, int share) {
        long unsaved = counters.appendedRecords() - savedRecords.get();
        return unsaved >= Math.max(minRecords, index.blobCount() / share) && IndexSaver.possible();
    }

    /** Takes a mark from the agent, and saves; false when it was not to be. */
    boolean save() {
        if (!saving.tryLock()) {
            return false;
        }
        try (IndexSaver saver = begin()) {
            return run(saver, pacer, cancelled);
        } catch (IOException | DeviceException e) {
            return failed(e);
        } finally {
            saving.unlock();
        }
    }

    /** Saves at a mark that the caller, being the agent, took itself. */
    boolean save(IndexMark mark) {
        saving.lock();
        try (IndexSaver saver = saver(mark)) {
            return run(saver, Pacer.NONE, () -> false);
        } catch (IOException e) {
            return failed(e);
        } finally {
            saving.unlock();
        }
    }

    /** Takes a mark; what is saved by the steps of the saver holds for that moment. */
    IndexSaver begin() throws IOException {
        CompletableFuture<IndexMark> mark = new CompletableFuture<>();
        CompletableFuture<Void> answer = new CompletableFuture<>();
        sink.submit(
                new LogRequest.TakeMark(
                        mark::complete,
                        (changed, failure) -> {
                            if (failure == null) {
                                answer.complete(null);
                            } else {
                                answer.completeExceptionally(failure);
                            }
                        }));
        sink.await(answer);
        return saver(mark.join());
    }

    private IndexSaver saver(IndexMark mark) throws IOException {
        savedRecords.set(counters.appendedRecords());
        return new IndexSaver(segments.files(), segments.deviceKey(), index, mark);
    }

    private boolean run(IndexSaver saver, Pacer pace, BooleanSupplier stop) throws IOException {
        long began = System.nanoTime();
        long room = segments.files().usableBytes() - 2 * index.sizeBytes();
        if (room < segments.limits().lowSpaceBytes()) {
            return failed("too little space is left");
        }
        long before = 0;
        while (saver.step()) {
            if (stop.getAsBoolean()) {
                return false;
            }
            pace.moved(saver.sizeBytes() - before);
            before = saver.sizeBytes();
        }
        listener.on(
                new DeviceEvent.IndexSaved(
                        deviceId,
                        index.blobCount(),
                        saver.sizeBytes(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
        return true;
    }

    private boolean failed(Exception cause) {
        return failed(String.valueOf(cause.getMessage()));
    }

    private boolean failed(String reason) {
        if (!cancelled.getAsBoolean()) {
            listener.on(new DeviceEvent.IndexNotSaved(deviceId, reason));
        }
        return false;
    }

    /**
     * Has the next start make the index from the segments, since only that finds and mends a footer
     * that is damaged.
     */
    void forget() throws IOException {
        saving.lock();
        try {
            if (segments.files().list().contains(IndexSaver.NAME)) {
                segments.files().delete(IndexSaver.NAME);
                segments.files().syncDirectory();
            }
        } finally {
            saving.unlock();
        }
    }

    /** Returns once nothing is being written, or after that long. */
    void awaitEnd(long timeoutMs) throws InterruptedException {
        if (saving.tryLock(timeoutMs, TimeUnit.MILLISECONDS)) {
            saving.unlock();
        }
    }
}
