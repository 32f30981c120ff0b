package io.varve.devices.remote;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVisitor;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.Fullness;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.DeviceLabel;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.GroupTally;
import io.varve.devices.log.LatencyGauge;
import io.varve.devices.log.LogCallback;
import io.varve.devices.log.ReadScratch;
import io.varve.devices.log.RoomGauge;
import io.varve.devices.log.ScrubMark;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A device that another host has. While the host cannot be reached it is {@link DeviceState#AWAY};
 * it comes back by itself.
 */
final class RemoteDevice implements BlobDevice {
    /** What is read at once; the host refuses more. */
    static final int MAX_READ_BYTES = 1 << 20;

    private static final long MIN_PATIENCE_NANOS = 50_000_000;
    private static final int PATIENCE_FACTOR = 8;
    private static final long FIRST_WAIT_SECONDS = 5;
    private static final long DETACH_WAIT_SECONDS = 2;

    private final Attachment attachment;
    private final HostLink link;
    private final DeviceListener listener;
    private final Runnable release;
    private final Semaphore queueRoom;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong sentBytes = new AtomicLong();
    private final LatencyGauge readLatency = new LatencyGauge();
    private final RoomGauge room = new RoomGauge();
    private final Map<Integer, GroupTally> wantedTallies = new ConcurrentHashMap<>();
    private final Map<Integer, GroupTally> seenTallies = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> first = new CompletableFuture<>();
    private final AtomicBoolean attaching = new AtomicBoolean();
    private volatile boolean slow;

    /** Guards the changes of those below. */
    private final Object states = new Object();

    private volatile DeviceState state = DeviceState.AWAY;
    private volatile @Nullable Facts facts;
    private volatile DeviceStats figures;
    private volatile String trouble = "";
    private boolean started;

    /**
     * @param release called when it needs its link no more
     */
    RemoteDevice(
            Attachment attachment,
            HostLink link,
            DeviceListener listener,
            Consumer<RemoteDevice> release) {
        this.release = () -> release.accept(this);
        this.attachment = attachment;
        this.link = link;
        this.listener = listener;
        this.queueRoom = new Semaphore(attachment.config().writes().queueBytes());
        this.figures = DeviceStats.missing(deviceId());
    }

    /**
     * Waits until it is attached, or not within a time.
     *
     * @throws DeviceException when its host says that it does not come up
     */
    void awaitFirst() {
        try {
            first.get(FIRST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            // It is away.
            return;
        } catch (ExecutionException e) {
            release.run();
            if (e.getCause() instanceof DeviceException refusal) {
                throw refusal;
            }
            throw new DeviceFailedException("device %d: %s".formatted(deviceId(), e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its host cannot be reached at present: nobody is to wait for it. */
    void unreached() {
        first.complete(null);
    }

    /**
     * Has the host open it, unless that is under way; what the host has against it ends the first
     * wait.
     */
    void attach(ClientConnection connection) {
        if (attaching.getAndSet(true)) {
            return;
        }
        try {
            attachNow(connection);
        } finally {
            attaching.set(false);
        }
    }

    private void attachNow(ClientConnection connection) {
        boolean before = facts != null;
        Attachment wanted =
                before
                        ? new Attachment(
                                attachment.config().withUuid(label().deviceUuid()),
                                attachment.siteId(),
                                false,
                                false)
                        : attachment;
        Request request =
                new Request(
                        Operation.ATTACH,
                        wanted.encode(),
                        null,
                        System.nanoTime() + TimeUnit.MINUTES.toNanos(2));
        connection.send(request);
        try {
            Facts told = Facts.decode(request.answer().join());
            keepTallies(connection);
            facts = told;
            // Before it is up: how much room there is decides whether it is written to.
            figures = told.stats();
            become(told.stats().state(), "its host says that it has failed");
            first.complete(null);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            away(String.valueOf(cause.getMessage()));
            if (!(cause instanceof DeviceAwayException)) {
                first.completeExceptionally(cause);
            }
        }
    }

    private void keepTallies(ClientConnection connection) {
        for (GroupTally tally : wantedTallies.values()) {
            Request request =
                    new Request(
                            Operation.KEEP_TALLY, tallyBody(tally), null, deadline(hangTimeout()));
            connection.send(request);
            request.answer().join();
        }
    }

    private static long deadline(Duration timeout) {
        return System.nanoTime() + timeout.toNanos();
    }

    void away(String reason) {
        become(DeviceState.AWAY, reason);
    }

    /** What its host told of it. */
    void figures(DeviceStats told) {
        figures = told;
        if (state == DeviceState.UP || state == DeviceState.FAILED) {
            become(told.state(), "its host says that it has failed");
        }
    }

    private void become(DeviceState next, String reason) {
        DeviceEvent event;
        synchronized (states) {
            DeviceState now = next == DeviceState.MISSING ? DeviceState.AWAY : next;
            if (state == DeviceState.CLOSED || state == now) {
                return;
            }
            state = now;
            trouble = reason;
            if (!started) {
                return;
            }
            event =
                    switch (now) {
                        case UP -> opened();
                        case FAILED -> new DeviceEvent.Failed(deviceId(), reason);
                        case AWAY, MISSING, CLOSED ->
                                new DeviceEvent.Unavailable(deviceId(), reason);
                    };
        }
        if (event != null) {
            listener.on(event);
        }
    }

    @Override
    public int deviceId() {
        return attachment.config().deviceId();
    }

    @Override
    public DeviceLabel label() {
        Facts known = facts;
        if (known == null) {
            throw new DeviceAwayException(
                    "device %d was not seen yet: %s".formatted(deviceId(), link.trouble()), null);
        }
        return known.label();
    }

    @Override
    public DeviceEvent.@Nullable Opened opened() {
        Facts known = facts;
        return known == null || state != DeviceState.UP
                ? null
                : new DeviceEvent.Opened(
                        deviceId(),
                        known.label().deviceUuid(),
                        known.stats().blobCount(),
                        false,
                        0);
    }

    @Override
    public void start() {
        synchronized (states) {
            started = true;
        }
    }

    @Override
    public DeviceState state() {
        return state;
    }

    @Override
    public DeviceStats stats() {
        DeviceStats told = figures;
        DeviceState now = state;
        return new DeviceStats(
                deviceId(),
                now,
                told.segmentCount(),
                told.segmentBytes(),
                told.liveBytes(),
                told.deadBytes(),
                now == DeviceState.UP ? told.writableBytes() : 0,
                told.blobCount(),
                told.queuedBytes(),
                new DeviceStats.Speed(
                        readLatency.averageNanos() / 1_000, told.speed().batchMicros(), slow),
                told.traffic(),
                room.fullness());
    }

    @Override
    public Duration hangTimeout() {
        return attachment.config().writes().hangTimeout();
    }

    @Override
    public boolean setAside(int payloadBytes, int tagBytes) {
        long bytes = (long) payloadBytes + tagBytes;
        if (queuedBytes.addAndGet(bytes) <= figures.writableBytes()) {
            return true;
        }
        queuedBytes.addAndGet(-bytes);
        return false;
    }

    @Override
    public void giveBack(int payloadBytes, int tagBytes) {
        queuedBytes.addAndGet(-(long) payloadBytes - tagBytes);
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
        Body head =
                new Body()
                        .put(deviceId())
                        .put(blobId)
                        .put(replace)
                        .put(ownerTag)
                        .put(payload.blockCount());
        for (int block = 0; block < payload.blockCount(); block++) {
            head.put(payload.blockCrc(block));
        }
        var unused =
                ask(Operation.WRITE, head, payload)
                        .whenCompleteAsync(
                                (answer, failure) -> {
                                    queueRoom.release(permits);
                                    giveBack(length, ownerTag.length);
                                    sentBytes.addAndGet(length);
                                    tell(callback, answer, failure);
                                },
                                RemoteDevice::onItsOwn);
    }

    /** What follows an answer may block, and must not keep the next one from being read. */
    private static void onItsOwn(Runnable task) {
        Thread.ofVirtual().name("varve-answer").start(task);
    }

    private static void tell(
            LogCallback callback, @Nullable ByteBuffer answer, @Nullable Throwable failure) {
        if (answer != null) {
            callback.completed(Body.bool(answer), null);
        } else {
            callback.completed(false, failureOf(failure));
        }
    }

    private static DeviceException failureOf(@Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException e ? e.getCause() : failure;
        return cause instanceof DeviceException known
                ? known
                : new DeviceAwayException("the answer cannot be read: " + cause, cause);
    }

    private CompletableFuture<ByteBuffer> ask(
            Operation operation, Body body, @Nullable BlobPayload payload) {
        if (state == DeviceState.AWAY || state == DeviceState.CLOSED) {
            return CompletableFuture.failedFuture(
                    new DeviceAwayException(
                            "device %d is away: %s".formatted(deviceId(), trouble), null));
        }
        return link.ask(operation, body.bytes(), payload, hangTimeout().toNanos());
    }

    private ByteBuffer await(Operation operation, Body body) {
        try {
            return ask(operation, body, null).join();
        } catch (CompletionException e) {
            throw failureOf(e);
        }
    }

    private Body about(BlobId blobId) {
        return new Body().put(deviceId()).put(blobId);
    }

    @Override
    public void delete(BlobId blobId, LogCallback callback) {
        delete(blobId, false, callback);
    }

    private void delete(BlobId blobId, boolean copyOnly, LogCallback callback) {
        var unused =
                ask(Operation.DELETE, about(blobId).put(copyOnly), null)
                        .whenCompleteAsync(
                                (answer, failure) -> {
                                    tell(callback, answer, failure);
                                },
                                RemoteDevice::onItsOwn);
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
        delete(
                blobId,
                copyOnly,
                (changed, failure) -> {
                    if (failure == null) {
                        deleted.complete(changed);
                    } else {
                        deleted.completeExceptionally(failure);
                    }
                });
        return deleted;
    }

    @Override
    public int lengthBytes(BlobId blobId) {
        return await(Operation.LENGTH, about(blobId)).getInt();
    }

    @Override
    public ByteBuffer read(BlobId blobId, int offset, int length, ReadScratch scratch) {
        ByteBuffer answer = await(Operation.READ, about(blobId).put(offset).put(length));
        int expected = answer.getInt();
        CRC32C crc = new CRC32C();
        crc.update(answer.duplicate());
        if ((int) crc.getValue() != expected) {
            throw new BlobDamagedException(
                    "blob %s came damaged from device %d: offset=%d, bytes=%d"
                            .formatted(blobId, deviceId(), offset, answer.remaining()));
        }
        return answer;
    }

    @Override
    public @Nullable ByteBuffer readCached(
            BlobId blobId, int offset, int length, ReadScratch scratch) {
        return null;
    }

    @Override
    public byte[] ownerTag(BlobId blobId, ReadScratch scratch) {
        ByteBuffer answer = await(Operation.OWNER_TAG, about(blobId));
        byte[] tag = new byte[answer.remaining()];
        answer.get(tag);
        return tag;
    }

    @Override
    public void list(BlobVisitor visitor) {
        for (int part = 0; part < DeviceLog.partCount(); part++) {
            list(part, visitor);
        }
    }

    @Override
    public void list(int part, BlobVisitor visitor) {
        ByteBuffer rows = await(Operation.LIST, new Body().put(deviceId()).put(part));
        while (rows.hasRemaining()) {
            visitor.visit(Body.blobId(rows), rows.getInt());
        }
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
        if (room.looked(now, sentBytes.get(), leftBytes)) {
            listener.on(new DeviceEvent.Filled(deviceId(), now, usedShare));
        }
    }

    @Override
    public boolean full() {
        return room.full(sentBytes.get() + queuedBytes.get());
    }

    @Override
    public void compared(boolean isSlow) {
        slow = isSlow;
        if (isSlow) {
            readLatency.fade();
        }
    }

    @Override
    public boolean slow() {
        return slow;
    }

    @Override
    public void keep(GroupTally tally) {
        wantedTallies.put(tally.poolId(), tally);
        try {
            await(Operation.KEEP_TALLY, new Body().rest(ByteBuffer.wrap(tallyBody(tally))));
        } catch (DeviceAwayException _) {
            // It is kept when the device is back.
            seenTallies.remove(tally.poolId());
        }
    }

    private byte[] tallyBody(GroupTally tally) {
        return new Body()
                .put(deviceId())
                .put(tally.poolId())
                .put(tally.groupCount())
                .put(tally.shards())
                .bytes();
    }

    /** As it was when its host was last seen, while it is away. */
    @Override
    public @Nullable GroupTally tally(int poolId) {
        try {
            ByteBuffer rows = await(Operation.TALLY, new Body().put(deviceId()).put(poolId));
            int groups = rows.remaining() / (Integer.BYTES + 2 * Long.BYTES);
            int[] copies = new int[groups];
            long[] bytes = new long[groups];
            long[] fingerprints = new long[groups];
            for (int group = 0; group < groups; group++) {
                copies[group] = rows.getInt();
                bytes[group] = rows.getLong();
                fingerprints[group] = rows.getLong();
            }
            GroupTally seen =
                    GroupTally.of(poolId, new GroupTally.Figures(copies, bytes, fingerprints));
            seenTallies.put(poolId, seen);
            return seen;
        } catch (DeviceAwayException _) {
            return seenTallies.get(poolId);
        }
    }

    /** Its host looks at that. */
    @Override
    public boolean busySince(long nanos) {
        return false;
    }

    /** It may be the host that hangs, or the way to it: both are tried anew. */
    @Override
    public void abandon(String reason) {
        link.reset("device %d: %s".formatted(deviceId(), reason));
    }

    @Override
    public @Nullable DeviceFailedException failure() {
        return state == DeviceState.FAILED
                ? new DeviceFailedException("device %d: %s".formatted(deviceId(), trouble))
                : null;
    }

    /** Its host does what there is to do. */
    @Override
    public void tick() {}

    @Override
    public ScrubMark scrubMark(int poolId) {
        return HostedDevices.decodeMark(
                await(Operation.SCRUB_MARK, new Body().put(deviceId()).put(poolId)));
    }

    @Override
    public void mark(int poolId, ScrubMark mark) {
        await(
                Operation.KEEP_SCRUB_MARK,
                new Body()
                        .put(deviceId())
                        .put(poolId)
                        .put(mark.mode().ordinal())
                        .put(mark.partsDone())
                        .put(mark.lastLightMs())
                        .put(mark.lastDeepMs()));
    }

    @Override
    public void repairLabel() {
        await(Operation.REPAIR_LABEL, new Body().put(deviceId()));
    }

    @Override
    public int repairSegments() {
        return await(Operation.REPAIR_SEGMENTS, new Body().put(deviceId())).getInt();
    }

    /** The host keeps it open, for others and for later. */
    @Override
    public boolean closeWithin(Duration timeout) {
        synchronized (states) {
            state = DeviceState.CLOSED;
        }
        release.run();
        return true;
    }

    @Override
    public boolean removeWithin(Duration timeout) {
        try {
            Body place = new Body().put(deviceId()).put(attachment.config().directory().toString());
            var unused =
                    ask(Operation.DETACH, place, null).get(DETACH_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Its host closes it when it ends itself.
            trouble = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return closeWithin(timeout);
    }
}
