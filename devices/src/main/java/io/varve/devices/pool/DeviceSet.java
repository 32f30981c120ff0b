package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobVisitor;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.FillLimits;
import io.varve.devices.PoolPlacement;
import io.varve.devices.TendedPool;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.GroupTally;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/**
 * The opened devices of a site, shared by its pools. Devices come and go while the pools work.
 *
 * <p>Thread: every method may be called from any thread; changes of the set wait for each other.
 * Failure: a device that fails or hangs is set aside ({@link DeviceState#FAILED}) and the others go
 * on; it stays in the set, and can be opened again when its cause is gone.
 */
public final class DeviceSet implements AutoCloseable {
    private static final int DROPS_AT_ONCE = 256;

    private final UUID siteId;
    private final DeviceOpeners openers;
    private final DeviceListener listener;
    private final MissedDeletes missedDeletes;
    private final FillLimits limits;
    private final Object changes = new Object();
    private volatile BooleanSupplier duty = () -> true;
    private final Map<Integer, PoolPlacement> groupings = new TreeMap<>();
    private final Queue<Thread> counting = new ConcurrentLinkedQueue<>();
    private volatile SortedMap<Integer, SetMember> byId = new TreeMap<>();
    private final ExecutorService readThreads;
    private final CopyReader reader;
    private final DeviceWatch watch;

    private DeviceSet(
            DeviceSetConfig config,
            DeviceOpeners openers,
            DeviceListener listener,
            MissedDeletes missedDeletes) {
        this.limits = config.limits();
        this.missedDeletes = missedDeletes;
        this.siteId = config.siteId();
        this.openers = openers;
        this.listener = listener;
        this.readThreads =
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().name("varve-read-", 0).daemon(true).factory());
        this.reader = new CopyReader(readThreads);
        this.watch = new DeviceWatch(this::members, reader, limits);
    }

    /** Opens the devices, all at once, and goes on with those that come up. */
    public static DeviceSet open(DeviceSetConfig config, DeviceListener listener) {
        return open(config, listener, DeviceFilesOpener::onDisk);
    }

    /** Opens the devices through a seam of the caller's. */
    public static DeviceSet open(
            DeviceSetConfig config, DeviceListener listener, DeviceFilesOpener opener) {
        return open(config, listener, DeviceOpeners.of(opener), MissedDeletes.inMemory());
    }

    /** As before, with what is kept over a restart of deletes that devices missed. */
    public static DeviceSet open(
            DeviceSetConfig config,
            DeviceListener listener,
            DeviceFilesOpener opener,
            MissedDeletes missedDeletes) {
        return open(config, listener, DeviceOpeners.of(opener), missedDeletes);
    }

    /**
     * As before.
     *
     * @param missedDeletes keeps over a restart which devices missed deletes
     */
    public static DeviceSet open(
            DeviceSetConfig config,
            DeviceListener listener,
            DeviceOpeners openers,
            MissedDeletes missedDeletes) {
        DeviceSet set = new DeviceSet(config, openers, listener, missedDeletes);
        Map<DeviceConfig, DeviceOpening> openings = new LinkedHashMap<>();
        for (DeviceConfig device : config.devices()) {
            openings.put(device, set.begin(device, config.formatEmptyDevices()));
        }
        openings.forEach((device, opening) -> set.put(set.awaitOrMissing(device, opening)));
        set.watch.start();
        return set;
    }

    private DeviceOpening begin(DeviceConfig device, boolean format) {
        return DeviceOpening.begin(device, siteId, format, openers, listener);
    }

    private SetMember awaitOrMissing(DeviceConfig device, DeviceOpening opening) {
        try {
            return new SetMember(device, opening.await());
        } catch (DeviceException e) {
            unavailable(device.deviceId(), e);
            return new SetMember(device, null);
        }
    }

    private void unavailable(int deviceId, DeviceException e) {
        listener.on(new DeviceEvent.Unavailable(deviceId, String.valueOf(e.getMessage())));
    }

    /** Has the pools see it. */
    private void put(SetMember member) {
        synchronized (changes) {
            SortedMap<Integer, SetMember> next = new TreeMap<>(byId);
            next.put(member.deviceId(), member);
            BlobDevice log = member.log();
            if (log != null) {
                groupings.forEach((poolId, placement) -> keepTally(log, poolId, placement));
                log.start();
                watch.lookAtRoom(log);
            }
            byId = next;
            if (log != null) {
                // Only now may a placement count on it.
                DeviceEvent.Opened opened = log.opened();
                if (opened != null) {
                    listener.on(opened);
                }
            }
        }
    }

    /**
     * Opens one more device, and has the pools see it.
     *
     * @param format whether an empty or absent directory becomes a new device
     * @throws DeviceException when it does not come up; the set is as before
     * @throws IllegalArgumentException when the set has a device of that id
     */
    public void add(DeviceConfig device, boolean format) {
        synchronized (changes) {
            if (byId.containsKey(device.deviceId())) {
                throw new IllegalArgumentException(
                        "the set has a device %d already".formatted(device.deviceId()));
            }
            if (!format) {
                // Nobody noted what was deleted while it was not in the set.
                missedDeletes.missed(device.deviceId());
            }
            put(new SetMember(device, begin(device, format).await()));
        }
    }

    /**
     * Takes a device out of the set and closes it; what it holds stays on it. What waits for it
     * fails as when it fails.
     *
     * @return whether its directory is free again; false when it hangs in an access
     */
    public boolean remove(int deviceId) {
        synchronized (changes) {
            SetMember member = require(deviceId);
            SortedMap<Integer, SetMember> next = new TreeMap<>(byId);
            next.remove(deviceId);
            byId = next;
            BlobDevice log = member.log();
            return log == null || log.removeWithin(log.hangTimeout());
        }
    }

    /**
     * Opens a device again that is failed or missing, when the cause of that is gone. Does nothing
     * when it is up.
     *
     * @param format whether an empty or absent directory becomes a new device, as for a drive that
     *     was replaced
     * @throws DeviceException when it does not come up, or still hangs in an access of before
     */
    public void reopen(int deviceId, boolean format) {
        synchronized (changes) {
            SetMember member = require(deviceId);
            if (member.up()) {
                return;
            }
            BlobDevice before = member.log();
            if (before != null && !before.closeWithin(before.hangTimeout())) {
                throw new DeviceFailedException(
                        "device %d still hangs in an access of before".formatted(deviceId), null);
            }
            DeviceConfig config = member.config();
            if (before != null && !format) {
                // What comes back must be what went away.
                config = config.withUuid(before.label().deviceUuid());
            }
            BlobDevice opened = begin(config, format).await();
            if (before != null) {
                before.deleteMissed(opened);
            }
            put(new SetMember(config, opened));
        }
    }

    /**
     * A device of the set, as it is now: after {@link #reopen} there is another.
     *
     * @throws DeviceFailedException when it is missing
     */
    public BlobDevice device(int deviceId) {
        return log(deviceId);
    }

    /**
     * Reads a range of a device's copy of a blob, and is not held up by one that hangs: that is set
     * aside.
     *
     * @return the bytes put into the target
     */
    public int read(int deviceId, BlobId blobId, int offset, int length, ByteBuffer target) {
        return reader.read(log(deviceId), blobId, offset, length, target);
    }

    /** The tag that a device's copy of a blob was written with; as {@link #read}. */
    public byte[] ownerTag(int deviceId, BlobId blobId) {
        return reader.ownerTag(log(deviceId), blobId);
    }

    /** From when on its devices are full. */
    FillLimits limits() {
        return limits;
    }

    /**
     * Says when this process is to look after the pools by itself: scrub them and bring blobs home.
     * Without a word it always is. Where several processes share the devices, one is at a time.
     */
    public void onDuty(BooleanSupplier duty) {
        this.duty = duty;
    }

    boolean onDuty() {
        return duty.getAsBoolean();
    }

    /** Which devices missed deletes. */
    MissedDeletes missedDeletes() {
        return missedDeletes;
    }

    /**
     * Ends the distrust of devices which all the pools of the set have found to hold nothing that
     * was deleted.
     *
     * @param pools all that are on the set
     */
    public void trust(Collection<? extends TendedPool> pools) {
        for (int deviceId : missedDeletes.devices()) {
            long missed = missedDeletes.count(deviceId);
            boolean clean = true;
            for (TendedPool pool : pools) {
                clean &= pool.cleanDevices().getOrDefault(deviceId, -1L) == missed;
            }
            if (clean) {
                missedDeletes.caughtUp(deviceId, missed);
            }
        }
    }

    /** One per device of the set, by device id. */
    public List<DeviceStats> stats() {
        return members().stream().map(SetMember::stats).toList();
    }

    /** The identity in a device's label. Absent devices have none: {@link BlobMissingException}. */
    public UUID deviceUuid(int deviceId) {
        return log(deviceId).label().deviceUuid();
    }

    /** Shows each blob of a device once that was there throughout; others may or may not be. */
    public void list(int deviceId, BlobVisitor visitor) {
        log(deviceId).list(visitor);
    }

    /**
     * Deletes what devices that are up hold of a pool that is no more, as a device does that was
     * away when it was removed. On return it is gone for good, from all that did not fail
     * meanwhile.
     *
     * @return how many copies or shards were there
     */
    public long dropPool(int poolId) {
        long dropped = 0;
        for (SetMember member : members()) {
            BlobDevice log = member.log();
            if (log == null || !member.up()) {
                continue;
            }
            List<BlobId> ids = new ArrayList<>();
            log.list(
                    (id, lengthBytes) -> {
                        if (id.poolId() == poolId) {
                            ids.add(id);
                        }
                    });
            for (int from = 0; from < ids.size(); from += DROPS_AT_ONCE) {
                int to = Math.min(ids.size(), from + DROPS_AT_ONCE);
                dropped += drop(log, ids.subList(from, to));
            }
        }
        return dropped;
    }

    private static long drop(BlobDevice log, List<BlobId> ids) {
        List<CompletableFuture<Boolean>> drops = new ArrayList<>(ids.size());
        for (BlobId id : ids) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            log.delete(id, (changed, failure) -> done.complete(failure == null));
            drops.add(done);
        }
        return drops.stream().filter(CompletableFuture::join).count();
    }

    /**
     * Has every device, also later ones, count the blobs of a pool by the groups of a placement.
     * Reads the whole index of each device, unless the groups are those of before; that goes on
     * when this returns, since blobs can be read and written meanwhile: {@link #awaitCounts}.
     */
    void group(int poolId, PoolPlacement placement) {
        synchronized (changes) {
            PoolPlacement before = groupings.put(poolId, placement);
            if (before != null && before.groupCount() == placement.groupCount()) {
                return;
            }
            // Or the groups of before could be counted last.
            awaitCounts();
            List<BlobDevice> logs =
                    members().stream().map(SetMember::log).filter(Objects::nonNull).toList();
            // Not a virtual one: this never waits, so it would keep a request's place. And only
            // one: a start that goes on meanwhile shall not share the processors with many.
            counting.add(
                    Thread.ofPlatform()
                            .daemon()
                            .name("varve-count-" + poolId)
                            .start(() -> countIn(logs, poolId, placement)));
        }
    }

    /** Returns once every device has counted what it held when it was told to. */
    void awaitCounts() {
        for (Thread thread : counting) {
            join(thread);
            if (!thread.isAlive()) {
                counting.remove(thread);
            }
        }
    }

    private void countIn(List<BlobDevice> logs, int poolId, PoolPlacement placement) {
        for (BlobDevice log : logs) {
            try {
                keepTally(log, poolId, placement);
            } catch (DeviceException e) {
                // The others are counted; this one is when it comes up again.
                unavailable(log.deviceId(), e);
            }
        }
    }

    private static void keepTally(BlobDevice log, int poolId, PoolPlacement placement) {
        log.keep(
                new GroupTally(
                        poolId,
                        placement.groupCount(),
                        placement::groupOf,
                        placement instanceof ShardedPlacement));
    }

    /** The devices as they are now; does not change. */
    Collection<SetMember> members() {
        return Collections.unmodifiableCollection(byId.values());
    }

    @Nullable SetMember find(int deviceId) {
        return byId.get(deviceId);
    }

    SetMember require(int deviceId) {
        SetMember member = find(deviceId);
        if (member == null) {
            throw new IllegalArgumentException("the set has no device " + deviceId);
        }
        return member;
    }

    /** The log of a device that came up, whatever became of it since. */
    BlobDevice log(int deviceId) {
        BlobDevice log = require(deviceId).log();
        if (log == null) {
            throw new DeviceFailedException("device %d is missing".formatted(deviceId), null);
        }
        return log;
    }

    /** Reads from the devices without being held up by one that hangs. */
    CopyReader reader() {
        return reader;
    }

    DeviceListener listener() {
        return listener;
    }

    /** Completes what was taken, then lets go of the devices. The pools are closed before. */
    @Override
    public void close() {
        watch.close();
        synchronized (changes) {
            List<Thread> closings = new ArrayList<>();
            for (SetMember member : members()) {
                BlobDevice log = member.log();
                if (log != null) {
                    closings.add(
                            Thread.ofVirtual().start(() -> log.closeWithin(log.hangTimeout())));
                }
            }
            closings.forEach(DeviceSet::join);
        }
        readThreads.shutdown();
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
