package io.varve.devices.log;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVisitor;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceLabelException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.Fullness;
import io.varve.devices.file.DeviceFile;
import io.varve.devices.file.DeviceFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One device: a log of blobs and tombstones in the segments of one directory.
 *
 * <p>Thread: any thread writes, deletes and reads. After {@link #start} an agent thread of its own
 * does the writing; without it, whoever calls {@link #doWork} is the agent.
 *
 * <p>Order: requests are dealt with in the order of their coming. Durability: a write or delete is
 * answered when it is on media, and seen by reads from just before then. Failure: any error of a
 * write or sync, and a batch that hangs, ends all writing ({@link DeviceState#FAILED}); what can
 * still be read and verified may be.
 */
public final class DeviceLog implements BlobDevice, AutoCloseable {
    private static final int MAX_BATCH_BYTES = 8 << 20;
    private static final long MIN_PATIENCE_NANOS = 50_000_000;
    private static final int PATIENCE_FACTOR = 8;
    private static final int BLOCK_MASK = DeviceFiles.BLOCK_BYTES - 1;

    private final DeviceConfig config;
    private final DeviceLabel label;
    private final DeviceFiles files;
    private final SegmentTable segments;
    private final BlobIndex index;
    private final LogAgent agent;
    private final BatchBuilder builder;
    private final RecordReader reader;
    private final Compactor compactor;
    private final IndexKeeper keeper;
    private final LogCounters counters;
    private final DeviceListener listener;
    private final Semaphore queueRoom;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicBoolean compacting = new AtomicBoolean();
    private final AtomicBoolean savingIndex = new AtomicBoolean();
    private final Executor background;
    private final Map<Integer, GroupTally> tallies = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();
    private final LatencyGauge readLatency = new LatencyGauge();
    private final DeletedMeanwhile deletedMeanwhile;

    private static final long COMPACTION_WAIT_NANOS = 10_000_000;

    private volatile boolean slow;
    private final RoomGauge room = new RoomGauge();
    private volatile boolean closing;
    private volatile @Nullable Thread agentThread;
    private long openedMs;

    /**
     * Opens a device.
     *
     * @param files its directory; closed with the log, or when opening fails
     * @param siteId the site it must belong to
     * @param formatEmpty whether an empty directory becomes a new device
     * @param background runs what would hold up the agent: growing files, compaction
     * @throws DeviceLabelException when the directory is not this device
     */
    public static DeviceLog open(
            DeviceConfig config,
            DeviceFiles files,
            UUID siteId,
            boolean formatEmpty,
            Executor background,
            Pacer compactionPacer,
            DeviceListener listener)
            throws IOException {
        try {
            long started = System.nanoTime();
            DeviceLabel label =
                    new LabelCheck(config, files, siteId, listener).openOrFormat(formatEmpty);
            DeviceLog log =
                    new DeviceLog(config, label, files, background, compactionPacer, listener);
            log.openedMs = (System.nanoTime() - started) / 1_000_000;
            return log;
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /**
     * The label in a directory, as it is; null when the directory is empty.
     *
     * @throws DeviceLabelException when it is no device's, or of another format version
     */
    public static @Nullable DeviceLabel readLabel(DeviceFiles files) throws IOException {
        LabelFiles.Found found = new LabelFiles(files).read();
        return found == null ? null : found.label();
    }

    private DeviceLog(
            DeviceConfig config,
            DeviceLabel label,
            DeviceFiles files,
            Executor background,
            Pacer compactionPacer,
            DeviceListener listener)
            throws IOException {
        int deviceId = config.deviceId();
        this.config = config;
        this.label = label;
        this.files = files;
        this.listener = listener;
        this.background = background;
        this.queueRoom = new Semaphore(config.writes().queueBytes());
        this.counters = new LogCounters();
        this.segments =
                new SegmentTable(
                        files,
                        label.key(),
                        config.space().withSegmentSizeBytes(label.segmentSizeBytes()),
                        maxBatchBytes(config));
        LogRecovery.Recovered recovered = LogRecovery.run(deviceId, segments, listener);
        this.index = recovered.index();
        this.builder =
                new BatchBuilder(deviceId, segments, index, recovered.lastNumber(), listener);
        LogRecovery.Resumed resumed = recovered.resumed();
        if (resumed != null) {
            builder.open(resumed.prepared(), resumed.entries(), resumed.lastBatch());
        }
        this.reader = new RecordReader(deviceId, segments, index);
        this.agent =
                new LogAgent(
                        deviceId,
                        segments,
                        builder,
                        new BatchEffects(deviceId, segments, index, counters, this::submit),
                        background,
                        listener);
        this.deletedMeanwhile = new DeletedMeanwhile(agent, index);
        this.compactor =
                new Compactor(
                        deviceId,
                        segments,
                        index,
                        new AgentSink(),
                        config.compaction(),
                        maxRecordBytes(config),
                        compactionPacer,
                        listener,
                        counters,
                        () -> closing || agent.failure() != null);
        this.keeper =
                new IndexKeeper(
                        deviceId,
                        segments,
                        index,
                        new AgentSink(),
                        compactionPacer,
                        counters,
                        listener,
                        recovered.unsavedRecords(),
                        () -> closing || agent.failure() != null);
    }

    private static int maxBatchBytes(DeviceConfig config) {
        int largest = maxRecordBytes(config) + BLOCK_MASK & ~BLOCK_MASK;
        return Math.max(MAX_BATCH_BYTES, largest);
    }

    private static int maxRecordBytes(DeviceConfig config) {
        int payload = config.writes().maxBlobBytes();
        return BlobPlace.recordBytes(BlobPlace.shape(payload, RecordDescriptor.MAX_TAG_BYTES));
    }

    @Override
    public DeviceEvent.Opened opened() {
        return new DeviceEvent.Opened(
                config.deviceId(), label.deviceUuid(), index.blobCount(), files.direct(), openedMs);
    }

    @Override
    public void start() {
        Thread thread =
                Thread.ofPlatform()
                        .name("varve-device-" + config.deviceId())
                        .daemon(true)
                        .unstarted(this::runAgent);
        agentThread = thread;
        thread.start();
    }

    private void runAgent() {
        try {
            int done = 0;
            while (done >= 0) {
                done = doWork();
                if (done == 0) {
                    if (closing) {
                        return;
                    }
                    // Wakes on the first request that comes while the queue is empty, also one
                    // that came between the last look and now: unparking beforehand is kept.
                    LockSupport.park(this);
                }
            }
        } catch (RuntimeException | Error e) {
            agent.abandon("broken invariant: " + e, e);
            throw e;
        }
    }

    /** Writes one batch of what waits; returns how many requests it completed, -1 = failed. */
    public int doWork() {
        return agent.doWork(System.nanoTime());
    }

    @Override
    public int deviceId() {
        return config.deviceId();
    }

    @Override
    public Duration hangTimeout() {
        return config.writes().hangTimeout();
    }

    @Override
    public DeviceLabel label() {
        return label;
    }

    @Override
    public DeviceState state() {
        if (closing) {
            return DeviceState.CLOSED;
        }
        return agent.failure() == null ? DeviceState.UP : DeviceState.FAILED;
    }

    @Override
    public boolean setAside(int payloadBytes, int tagBytes) {
        if (payloadBytes > config.writes().maxBlobBytes()) {
            throw new IllegalArgumentException(
                    "blob is too large: length=%d, max=%d"
                            .formatted(payloadBytes, config.writes().maxBlobBytes()));
        }
        if (tagBytes > RecordDescriptor.MAX_TAG_BYTES) {
            throw new IllegalArgumentException("owner tag is too long: " + tagBytes);
        }
        long bytes = spaceFor(payloadBytes, tagBytes);
        long queued = queuedBytes.addAndGet(bytes);
        long writable = writableBytes();
        if (queued <= writable) {
            if (full.get() && full.getAndSet(false)) {
                listener.on(new DeviceEvent.SpaceRecovered(config.deviceId(), writable));
            }
            return true;
        }
        queuedBytes.addAndGet(-bytes);
        if (!full.getAndSet(true)) {
            listener.on(new DeviceEvent.Full(config.deviceId(), writable));
        }
        compactInBackground();
        return false;
    }

    @Override
    public void giveBack(int payloadBytes, int tagBytes) {
        queuedBytes.addAndGet(-spaceFor(payloadBytes, tagBytes));
    }

    /**
     * What a record can cost at most: it may be alone in its batch, and has a row in the footer.
     */
    private static long spaceFor(int payloadBytes, int tagBytes) {
        int record =
                RecordDescriptor.TOMBSTONE_BYTES
                        + BlobPlace.recordBytes(BlobPlace.shape(payloadBytes, tagBytes));
        return (record + (long) BLOCK_MASK & ~(long) BLOCK_MASK) + SegmentEntries.ENTRY_BYTES;
    }

    private long writableBytes() {
        SpaceView space = new SpaceView(segments, maxRecordBytes(config));
        SegmentAppender open = builder.open();
        return space.writableBytes(open == null ? null : open.segment());
    }

    @Override
    public void write(
            BlobId blobId,
            BlobPayload payload,
            byte[] ownerTag,
            boolean replace,
            LogCallback callback) {
        int length = payload.lengthBytes();
        int permits = Math.max(1, length);
        queueRoom.acquireUninterruptibly(permits);
        submit(
                new LogRequest.Write(
                        blobId.high(),
                        blobId.low(),
                        payload,
                        ownerTag,
                        replace,
                        (changed, failure) -> {
                            queueRoom.release(permits);
                            giveBack(length, ownerTag.length);
                            callback.completed(changed, failure);
                        }));
    }

    /** Writes a blob unless it is there; completes when it is on media. */
    public CompletableFuture<Void> write(BlobId blobId, BlobPayload payload, byte[] ownerTag) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        if (!setAside(payload.lengthBytes(), ownerTag.length)) {
            written.completeExceptionally(
                    new DeviceFullException(
                            "device %d has no room for %d bytes"
                                    .formatted(config.deviceId(), payload.lengthBytes())));
            return written;
        }
        write(
                blobId,
                payload,
                ownerTag,
                false,
                (changed, failure) -> {
                    if (failure == null) {
                        written.complete(null);
                    } else {
                        written.completeExceptionally(failure);
                    }
                });
        return written;
    }

    @Override
    public void delete(BlobId blobId, LogCallback callback) {
        submit(new LogRequest.Delete(blobId.high(), blobId.low(), false, callback));
    }

    @Override
    public CompletableFuture<Boolean> delete(BlobId blobId) {
        return delete(blobId, false);
    }

    @Override
    public CompletableFuture<Boolean> dropCopy(BlobId blobId) {
        return delete(blobId, true);
    }

    private CompletableFuture<Boolean> delete(BlobId blobId, boolean copyOnly) {
        CompletableFuture<Boolean> deleted = new CompletableFuture<>();
        submit(
                new LogRequest.Delete(
                        blobId.high(),
                        blobId.low(),
                        copyOnly,
                        (changed, failure) -> {
                            if (failure == null) {
                                deleted.complete(changed);
                            } else {
                                deleted.completeExceptionally(failure);
                            }
                        }));
        return deleted;
    }

    private void submit(LogRequest request) {
        boolean wake = agent.submit(request);
        Thread thread = agentThread;
        if (wake && thread != null) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public int lengthBytes(BlobId blobId) {
        BlobPlace place = index.find(blobId.high(), blobId.low());
        return place == null ? -1 : place.payloadBytes();
    }

    @Override
    public ByteBuffer read(BlobId blobId, int offset, int length, ReadScratch scratch) {
        try {
            ByteBuffer bytes = reader.read(blobId.high(), blobId.low(), offset, length, scratch);
            counters.read(bytes.remaining());
            return bytes;
        } catch (BlobDamagedException e) {
            counters.damaged();
            throw e;
        }
    }

    @Override
    public @Nullable ByteBuffer readCached(
            BlobId blobId, int offset, int length, ReadScratch scratch) {
        ByteBuffer bytes = reader.readCached(blobId.high(), blobId.low(), offset, length, scratch);
        if (bytes != null) {
            counters.read(bytes.remaining());
        }
        return bytes;
    }

    @Override
    public byte[] ownerTag(BlobId blobId, ReadScratch scratch) {
        return reader.ownerTag(blobId.high(), blobId.low(), scratch);
    }

    @Override
    public void list(BlobVisitor visitor) {
        index.forEach(visitor);
    }

    /**
     * Shows each blob, or shard of one, that a tombstone still on the device says was deleted for
     * good. Only before {@link #start}.
     */
    public void listDeleted(Consumer<BlobId> visitor) throws IOException {
        if (agentThread != null) {
            throw new IllegalStateException("the device is in use");
        }
        for (Segment segment : segments.all()) {
            SegmentEntries.Rows rows = tombstones(segment);
            for (int row = 0; rows != null && row < rows.count(); row++) {
                if (rows.forGood(row)) {
                    visitor.accept(new BlobId(rows.high(row), rows.low(row)));
                }
            }
        }
    }

    private SegmentEntries.@Nullable Rows tombstones(Segment segment) throws IOException {
        SegmentAppender open = builder.open();
        if (open != null && open.segment() == segment) {
            return open.entries().tombstones();
        }
        if (segment.state() != Segment.State.SEALED) {
            return null;
        }
        DeviceFile file = segment.reader(files);
        SegmentFooter footer = SegmentFooter.read(file, segment.sequence(), segments.deviceKey());
        return footer == null ? null : footer.readTombstones(file, segments.deviceKey());
    }

    @Override
    public void repairLabel() throws IOException {
        List<String> bad = new LabelFiles(files).unequal(label);
        if (!bad.isEmpty()) {
            new LabelFiles(files).write(label, bad);
            listener.on(new DeviceEvent.LabelRepaired(config.deviceId(), bad));
        }
    }

    @Override
    public ScrubMark scrubMark(int poolId) throws IOException {
        return ScrubMark.read(files, poolId);
    }

    @Override
    public void mark(int poolId, ScrubMark mark) throws IOException {
        mark.write(files, poolId);
    }

    /** The part that a blob is in. */
    public static int partOf(BlobId blobId) {
        return BlobIndex.shardOf(blobId.high(), blobId.low());
    }

    /** How many parts {@link #list(int, BlobVisitor)} has. */
    public static int partCount() {
        return BlobIndex.SHARD_COUNT;
    }

    @Override
    public void list(int part, BlobVisitor visitor) {
        index.forEach(part, visitor);
    }

    @Override
    public void readTook(long nanos) {
        readLatency.took(nanos);
    }

    @Override
    public long readNanos() {
        return readLatency.averageNanos();
    }

    @Override
    public long patienceNanos() {
        long usual = PATIENCE_FACTOR * readLatency.averageNanos();
        return Math.min(Math.max(MIN_PATIENCE_NANOS, usual), hangTimeout().toNanos() / 2);
    }

    @Override
    public void filled(Fullness now, double usedShare, long leftBytes) {
        if (room.looked(now, counters.writtenBytes(), leftBytes)) {
            listener.on(new DeviceEvent.Filled(config.deviceId(), now, usedShare));
        }
    }

    @Override
    public boolean full() {
        return room.full(counters.writtenBytes() + queuedBytes.get());
    }

    @Override
    public void compared(boolean isSlow) {
        slow = isSlow;
        if (isSlow) {
            // It is hardly read from, so that only time can make it look better.
            readLatency.fade();
        }
    }

    @Override
    public boolean slow() {
        return slow;
    }

    @Override
    public void deletedMeanwhile(BlobId blobId) {
        deletedMeanwhile.add(blobId);
    }

    @Override
    public void deleteMissed(BlobDevice back) {
        deletedMeanwhile.deleteFrom(back);
    }

    @Override
    public void keep(GroupTally tally) {
        index.keep(tally);
        tallies.put(tally.poolId(), tally);
    }

    @Override
    public @Nullable GroupTally tally(int poolId) {
        return tallies.get(poolId);
    }

    @Override
    public boolean busySince(long nanos) {
        return agent.busySince(nanos);
    }

    @Override
    public void abandon(String reason) {
        agent.abandon(reason, null);
    }

    @Override
    public @Nullable DeviceFailedException failure() {
        return agent.failure();
    }

    /**
     * Looks at the room there is, compacts if it is worth it, and saves the index if that is due.
     */
    @Override
    public void tick() throws IOException {
        segments.refreshUsable();
        compactInBackground();
        if (compactor.stuck()) {
            keeper.forget();
        } else {
            saveInBackground();
        }
    }

    private void saveInBackground() {
        if (agentThread == null || !keeper.due() || savingIndex.getAndSet(true)) {
            return;
        }
        background.execute(
                () -> {
                    try {
                        keeper.save();
                    } finally {
                        savingIndex.set(false);
                    }
                });
    }

    /**
     * Saves the index as it is now, so that the next start need not make it from the segments.
     * Returns once it is on media; false when it could not be saved, which harms nothing.
     */
    public boolean saveIndex() {
        return keeper.save();
    }

    /** Begins to save the index; the log may go on between the saver's steps. */
    IndexSaver beginSavingIndex() throws IOException {
        return keeper.begin();
    }

    @Override
    public int repairSegments() {
        while (compacting.getAndSet(true)) {
            LockSupport.parkNanos(this, COMPACTION_WAIT_NANOS);
        }
        try {
            return compactor.emptyDamaged();
        } finally {
            compacting.set(false);
        }
    }

    /** Where a blob is; null when it is not here. */
    @Nullable BlobPlace place(BlobId blobId) {
        return index.find(blobId.high(), blobId.low());
    }

    /** Compacts the segment most worth it; false when none is. */
    public boolean compactOne() {
        return compactor.compactOne();
    }

    private void compactInBackground() {
        if (agentThread == null || !compactor.due() || compacting.getAndSet(true)) {
            return;
        }
        background.execute(
                () -> {
                    try {
                        while (!closing && compactor.compactOne()) {
                            // Each call compacts one segment.
                        }
                    } finally {
                        compacting.set(false);
                    }
                });
    }

    @Override
    public DeviceStats stats() {
        SpaceView space = new SpaceView(segments, maxRecordBytes(config));
        return new DeviceStats(
                config.deviceId(),
                state(),
                space.segmentCount(),
                space.usedBytes(),
                space.liveBytes(),
                space.deadBytes(),
                state() == DeviceState.UP ? writableBytes() : 0,
                index.blobCount(),
                queuedBytes.get(),
                new DeviceStats.Speed(
                        readLatency.averageNanos() / 1_000,
                        agent.batchLatency().averageNanos() / 1_000,
                        slow),
                counters.traffic(),
                room.fullness());
    }

    @Override
    public boolean closeWithin(Duration timeout) {
        Thread ending =
                Thread.ofPlatform()
                        .name("varve-close-" + config.deviceId())
                        .daemon(true)
                        .unstarted(this::close);
        if (closer.compareAndSet(null, ending)) {
            ending.start();
        }
        Thread closes = closer.get();
        try {
            // Closing itself waits for the agent that long.
            return closes != null && closes.join(timeout.multipliedBy(2).plusSeconds(1)) && quiet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean quiet() {
        Thread thread = agentThread;
        boolean agentEnded = thread == null || !thread.isAlive();
        return agentEnded && !agent.preparing() && !compacting.get();
    }

    /** Completes what was taken, then lets go of the directory. */
    @Override
    public void close() {
        closing = true;
        Thread thread = agentThread;
        try {
            if (thread != null) {
                LockSupport.unpark(thread);
                thread.join(config.writes().hangTimeout().toMillis());
            } else {
                while (doWork() > 0) {
                    // Each call writes one batch.
                }
            }
            saveAtStop(thread);
            agent.end();
            builder.close();
            segments.close();
            files.close();
        } catch (IOException e) {
            agent.abandon("closing failed: " + e, e);
        } catch (InterruptedException e) {
            agent.abandon("closing was interrupted", e);
            Thread.currentThread().interrupt();
        }
    }

    private void saveAtStop(@Nullable Thread thread) throws InterruptedException {
        keeper.awaitEnd(config.writes().hangTimeout().toMillis());
        boolean agentHasEnded = thread == null || !thread.isAlive();
        if (agentHasEnded && agent.failure() == null && !compactor.stuck() && keeper.dueAtStop()) {
            keeper.save(builder.mark());
        }
    }

    /** The compactor's way to the agent; without an agent thread the compactor does its work. */
    private final class AgentSink implements Compactor.RequestSink {
        @Override
        public void submit(LogRequest request) {
            DeviceLog.this.submit(request);
        }

        @Override
        public void await(CompletableFuture<Void> answer) {
            while (agentThread == null && !answer.isDone() && doWork() > 0) {
                // Each call writes one batch.
            }
            try {
                answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof DeviceException failure) {
                    throw failure;
                }
                throw e;
            }
        }
    }
}
