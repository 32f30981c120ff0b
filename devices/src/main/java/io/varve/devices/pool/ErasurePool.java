package io.varve.devices.pool;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BackfillPace;
import io.varve.devices.BackfillProgress;
import io.varve.devices.BlobDeleted;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVerification;
import io.varve.devices.BlobVisitor;
import io.varve.devices.BlobWritten;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceScrub;
import io.varve.devices.DeviceStats;
import io.varve.devices.ErasureConfig;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolFullException;
import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;
import io.varve.devices.Redundancy;
import io.varve.devices.ScrubMode;
import io.varve.devices.ScrubProgress;
import io.varve.devices.TendedPool;
import io.varve.devices.WantedBlobs;
import io.varve.devices.erasure.ErasureCode;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.Pacer;
import io.varve.devices.pool.ShardPlaces.Place;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A pool that keeps a blob as k data shards and m parity shards, each on the device at its place of
 * the placement, so that any k of them suffice; and small blobs as m + 1 whole copies on the first
 * places. Either bears the loss of any m devices.
 *
 * <p>Invariants: a write is acknowledged when every device has answered, with at least {@code min}
 * shards on media (of a small blob as many copies less k - 1), so the acknowledged blob bears the
 * loss of {@code min - k} devices more. A write that is not acknowledged leaves nothing that it
 * added, but on devices that failed meanwhile. Bytes are handed out only after they were verified,
 * or made of shards that were.
 *
 * <p>Blob ids must be made ones: their low five bits are zero.
 */
public final class ErasurePool implements TendedPool {
    private final ErasureConfig config;
    private final ErasureCode code;
    private final PoolMembers members;
    private final ShardPlaces places;
    private final ErasureWrites writes;
    private final DeviceSet devices;
    private final DeviceListener listener;
    private final CopyReader reader;
    private final BlobLocks locks = new BlobLocks();
    private final ErasureRepair repair;
    private final RepairQueue repairs;
    private final PoolMembers parts;
    private final Foreground foreground = new Foreground();
    private final OwedDeletes owedDeletes = new OwedDeletes();
    private final ShardHealth health;
    private final Backfill backfill;
    private final Scrub scrub;
    private final CopyTrust trust;
    private final PoolAudit audit;
    private volatile Writing writing;

    /** What of the settings counts for new blobs alone. */
    private record Writing(int min, int maxCopiedBytes) {}

    private ErasurePool(ErasureConfig config, DeviceSet devices, PoolPlacement placement) {
        this.config = config;
        this.writing = new Writing(config.scheme().min(), config.maxCopiedBytes());
        this.code = new ErasureCode(config.scheme().dataShards(), config.scheme().parityShards());
        this.devices = devices;
        this.members = new PoolMembers(devices, placement);
        this.places = new ShardPlaces(members, config);
        this.listener = devices.listener();
        this.reader = devices.reader();
        this.trust = new CopyTrust(members, id -> places.find(id).holders());
        this.repair =
                new ErasureRepair(
                        code,
                        members,
                        places,
                        reader,
                        Pacer.of(config.repairBytesPerSecond()),
                        listener,
                        locks);
        this.repairs = new RepairQueue(this::repairTrusted);
        this.writes = new ErasureWrites(code, places, this::degraded);
        this.parts = new PoolMembers(devices, byParts(placement));
        this.health = new ShardHealth(config.poolId(), code.dataShards(), parts);
        this.backfill =
                new Backfill(
                        config.poolId(),
                        config.backfill(),
                        parts,
                        new ShardBackfill(repair),
                        foreground,
                        key -> deleteIfOwed(key.blob()),
                        key -> trust.mayCopy(key.blob()));
        this.scrub =
                new Scrub(
                        config.poolId(),
                        config.scrub(),
                        parts,
                        reader,
                        key -> repairs.add(key.blob()),
                        foreground,
                        listener,
                        System::currentTimeMillis);
        this.audit =
                new PoolAudit(
                        config.poolId(),
                        new ShardAudit(config.poolId(), code.dataShards(), parts, places),
                        id -> delete(id).join().failedOn().isEmpty(),
                        trust,
                        System::nanoTime,
                        PoolAudit.ROUND_BLOBS);
        devices.group(config.poolId(), parts.placement());
    }

    private ShardedPlacement byParts(PoolPlacement placement) {
        return new ShardedPlacement(placement, code.totalShards(), code.parityShards() + 1);
    }

    /**
     * Opens a pool on devices that are open.
     *
     * @param placement the device at each place holds the shard of that number, until {@link
     *     #place} says otherwise; a rule with {@code indep} keeps the numbers of those that stay
     */
    public static ErasurePool open(
            ErasureConfig config, DeviceSet devices, PoolPlacement placement) {
        ErasurePool pool = new ErasurePool(config, devices, placement);
        pool.repairs.start();
        pool.backfill.start();
        pool.scrub.start();
        return pool;
    }

    @Override
    public int poolId() {
        return config.poolId();
    }

    @Override
    public void place(PoolPlacement placement) {
        if (placement.groupCount() != members.placement().groupCount()) {
            devices.group(config.poolId(), byParts(placement));
        }
        members.place(placement);
        parts.place(byParts(placement));
    }

    @Override
    public PoolHealth health() {
        return health.health(audit.lostBlobs());
    }

    @Override
    public PoolCapacity capacity() {
        return new CapacityView(members, devices.limits(), code.dataShards())
                .capacity(
                        new GroupView(config.poolId(), parts).bytes(),
                        (double) code.totalShards() / code.dataShards());
    }

    @Override
    public void keep(Redundancy redundancy, int maxCopiedBytes) {
        if (!redundancy.withMin(config.scheme().min()).equals(config.scheme())) {
            throw new IllegalArgumentException(
                    "a pool of %s cannot be kept as %s".formatted(config.scheme(), redundancy));
        }
        writing = new Writing(redundancy.min(), maxCopiedBytes);
    }

    @Override
    public BackfillProgress backfill() {
        return backfill.progress();
    }

    @Override
    public void pace(BackfillPace pace) {
        backfill.pace(pace);
    }

    /** Brings every blob home that can be now; returns how many failed. */
    long settle() {
        return backfill.settle();
    }

    @Override
    public CompletableFuture<BlobWritten> write(
            BlobId blobId, BlobPayload payload, byte[] ownerTag) {
        foreground.request();
        requireOfThisPool(blobId);
        if (ownerTag.length > MAX_OWNER_TAG_BYTES) {
            throw new IllegalArgumentException("owner tag is too long: " + ownerTag.length);
        }
        PoolFullException full = members.refusal(blobId);
        if (full != null) {
            return CompletableFuture.failedFuture(full);
        }
        Writing now = writing;
        return payload.lengthBytes() <= now.maxCopiedBytes()
                ? writes.copies(blobId, payload, ownerTag, now.min())
                : writes.shards(blobId, payload, ownerTag, now.min());
    }

    private void requireOfThisPool(BlobId blobId) {
        if (blobId.poolId() != config.poolId() || blobId.shardNumber() >= 0) {
            throw new IllegalArgumentException(
                    "blob %s is not of pool %d, or names a shard"
                            .formatted(blobId, config.poolId()));
        }
    }

    private void degraded(BlobWritten written, List<DeviceException> failures) {
        repairs.addDeficit(written.blobId());
        for (int deviceId : written.missingOn()) {
            listener.on(
                    new DeviceEvent.CopySkipped(deviceId, written.blobId(), failures.toString()));
        }
    }

    @Override
    public int read(BlobId blobId, int offset, ByteBuffer target) {
        foreground.request();
        ShardSource source = source(blobId);
        int count =
                source.parts().whole()
                        ? readCopy(source, offset, target)
                        : readShards(source, offset, target);
        repairIfNeeded(blobId, source);
        return count;
    }

    private ShardSource source(BlobId blobId) {
        requireOfThisPool(blobId);
        BlobParts parts = places.find(blobId);
        if (parts.absent()) {
            throw new BlobMissingException("blob %s is on no device".formatted(blobId));
        }
        return new ShardSource(blobId, parts, config, reader, listener);
    }

    private static int readCopy(ShardSource source, int offset, ByteBuffer target) {
        int length = source.copyLengthBytes();
        int count = Math.max(0, Math.min(target.remaining(), length - offset));
        ByteBuffer out = target.slice(target.position(), count);
        if (count > 0 && !source.read(-1, offset, out)) {
            throw source.unreadable();
        }
        target.position(target.position() + count);
        return count;
    }

    private int readShards(ShardSource source, int offset, ByteBuffer target) {
        ShardLayout layout = source.layout();
        int count = Math.max(0, Math.min(target.remaining(), layout.blobBytes() - offset));
        if (count > 0) {
            ByteBuffer out = target.slice(target.position(), count);
            new ShardedRead(source, code, layout, offset, out).run();
            target.position(target.position() + count);
        }
        return count;
    }

    private void repairIfNeeded(BlobId blobId, ShardSource source) {
        if (source.failed() || (!source.parts().placed() && homeLacks(blobId, source))) {
            repairs.add(blobId);
        }
    }

    /** Whether a device that is up lacks what it should have. */
    private boolean homeLacks(BlobId blobId, ShardSource source) {
        boolean lacks = false;
        List<Place> homes =
                source.parts().whole() ? places.copyHomes(blobId) : places.shardHomes(blobId);
        for (Place place : homes) {
            if (place.member().up() && !place.holds() && !locks.isBeingDeleted(blobId)) {
                listener.on(new DeviceEvent.CopyMissing(place.member().deviceId(), blobId));
                lacks = true;
            }
        }
        return lacks;
    }

    @Override
    public int lengthBytes(BlobId blobId) {
        ShardSource source = source(blobId);
        return source.parts().whole() ? source.copyLengthBytes() : source.layout().blobBytes();
    }

    @Override
    public byte[] ownerTag(BlobId blobId) {
        ShardSource source = source(blobId);
        byte[] tag = source.parts().whole() ? source.copyTag() : source.tag().ownerTag();
        repairIfNeeded(blobId, source);
        return tag;
    }

    @Override
    public CompletableFuture<BlobDeleted> delete(BlobId blobId) {
        requireOfThisPool(blobId);
        locks.deleteBegins(blobId);
        repairs.forget(blobId);
        return new PendingDelete(blobId, members, expectedParts(blobId))
                .run()
                .whenComplete(
                        (deleted, failure) -> {
                            locks.deleteEnded(blobId);
                            owedDeletes.settle(deleted);
                        });
    }

    /** Deletes for good what was deleted while a device that is back now was away. */
    private void deleteIfOwed(BlobId blobId) {
        if (owedDeletes.contains(blobId)) {
            delete(blobId).join();
        }
    }

    /** Each part the blob may have, and the devices that should have it. */
    private Map<BlobId, List<SetMember>> expectedParts(BlobId blobId) {
        BlobParts parts = places.find(blobId);
        Map<BlobId, List<SetMember>> expected = new HashMap<>();
        for (int shard = -1; shard < code.totalShards(); shard++) {
            expected.put(ShardPlaces.key(blobId, shard), List.of());
        }
        Stream<Place> copies = places.wanted(blobId, true).stream();
        Stream<Place> shards = places.wanted(blobId, false).stream();
        // What is not seen may be on its way: then it is one or the other.
        Stream.concat(
                        parts.shardCount() > 0 ? Stream.empty() : copies,
                        parts.whole() ? Stream.empty() : shards)
                .forEach(
                        place ->
                                expected.merge(
                                        place.key(),
                                        List.of(place.member()),
                                        (a, b) -> Stream.concat(a.stream(), b.stream()).toList()));
        return expected;
    }

    /** A blob of which the device has several shards is shown for each of them. */
    @Override
    public void list(int deviceId, BlobVisitor visitor) {
        devices.list(
                deviceId,
                (key, lengthBytes) -> {
                    if (key.poolId() == config.poolId()) {
                        visitor.visit(key.blob(), lengthBytes);
                    }
                });
    }

    @Override
    public BlobVerification verify(BlobId blobId) {
        requireOfThisPool(blobId);
        return repair.verify(blobId);
    }

    @Override
    public BlobVerification repair(BlobId blobId) {
        requireOfThisPool(blobId);
        BlobVerification after = repairTrusted(blobId);
        repairs.settled(after);
        return after;
    }

    /** What may have been deleted is left as it is. */
    private BlobVerification repairTrusted(BlobId blobId) {
        return trust.mayCopy(blobId) ? repair.repair(blobId) : repair.verify(blobId);
    }

    @Override
    public CompletableFuture<DeviceScrub> scrub(int deviceId) {
        BlobDevice log = devices.log(deviceId);
        CompletableFuture<DeviceScrub> scrubbed = new CompletableFuture<>();
        Pacer pacer = Pacer.of(config.repairBytesPerSecond());
        ScrubSession session =
                new ScrubSession(
                        log,
                        config.poolId(),
                        ScrubMode.DEEP,
                        reader,
                        key -> repairs.add(key.blob()),
                        pacer,
                        listener);
        Thread.ofVirtual().name("varve-scrub-" + deviceId).start(() -> session.run(scrubbed));
        return scrubbed;
    }

    @Override
    public List<ScrubProgress> scrubs() {
        return scrub.progress();
    }

    @Override
    public AuditReport audit(
            WantedBlobs wanted, Duration grace, AuditMark from, Consumer<AuditMark> keep) {
        return audit.run(wanted, grace, from, keep);
    }

    @Override
    public Set<Integer> unvettedDevices() {
        return trust.unvetted();
    }

    @Override
    public Map<Integer, Long> cleanDevices() {
        return trust.clean();
    }

    @Override
    public double auditProgress() {
        return audit.progress();
    }

    @Override
    public Set<BlobId> deficits() {
        return repairs.deficits();
    }

    @Override
    public List<DeviceStats> stats() {
        return devices.stats();
    }

    @Override
    public UUID deviceUuid(int deviceId) {
        return devices.deviceUuid(deviceId);
    }

    @Override
    public void close() {
        scrub.close();
        backfill.close();
        repairs.close();
    }
}
