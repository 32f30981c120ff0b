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
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceScrub;
import io.varve.devices.DeviceStats;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolConfig;
import io.varve.devices.PoolFullException;
import io.varve.devices.PoolHealth;
import io.varve.devices.PoolPlacement;
import io.varve.devices.Redundancy;
import io.varve.devices.ScrubMode;
import io.varve.devices.ScrubProgress;
import io.varve.devices.TendedPool;
import io.varve.devices.WantedBlobs;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.Pacer;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A pool that keeps whole copies of a blob on each device of its replica set.
 *
 * <p>Invariants: a write is acknowledged when every device of the replica set has answered, with at
 * least {@code minCopies} copies on media; a device answers for a hang when it is set aside. A
 * write that is not acknowledged leaves no copy that it added, but on devices that failed
 * meanwhile. Bytes are handed out only after they were verified.
 */
public final class ReplicatedPool implements TendedPool {
    private final PoolConfig config;
    private final PoolMembers members;
    private final DeviceSet devices;
    private final DeviceListener listener;
    private final CopyReader reader;
    private final BlobRepair repair;
    private final RepairQueue repairs;
    private final Foreground foreground = new Foreground();
    private final OwedDeletes owedDeletes = new OwedDeletes();
    private final HealthView healthView;
    private final Backfill backfill;
    private final Scrub scrub;
    private final CopyTrust trust;
    private final PoolAudit audit;
    private volatile Redundancy.Copies kept;

    private ReplicatedPool(PoolConfig config, DeviceSet devices, PoolPlacement placement) {
        this.config = config;
        this.kept = new Redundancy.Copies(config.copies(), config.minCopies());
        this.devices = devices;
        this.members = new PoolMembers(devices, placement);
        this.listener = devices.listener();
        this.reader = devices.reader();
        this.trust = new CopyTrust(members, id -> members.holders(id).logs());
        this.repair =
                new BlobRepair(members, reader, Pacer.of(config.repairBytesPerSecond()), listener);
        this.repairs = new RepairQueue(this::repairTrusted);
        this.healthView = new HealthView(config.poolId(), () -> kept.copies(), members);
        this.backfill =
                new Backfill(
                        config.poolId(),
                        config.backfill(),
                        members,
                        new CopyBackfill(),
                        foreground,
                        this::deleteIfOwed,
                        trust::mayCopy);
        this.scrub =
                new Scrub(
                        config.poolId(),
                        config.scrub(),
                        members,
                        reader,
                        repairs::add,
                        foreground,
                        listener,
                        System::currentTimeMillis);
        this.audit =
                new PoolAudit(
                        config.poolId(),
                        new CopyAudit(config.poolId(), members),
                        id -> delete(id).join().failedOn().isEmpty(),
                        trust,
                        System::nanoTime,
                        PoolAudit.ROUND_BLOBS);
    }

    private final class CopyBackfill implements BackfillWork {
        @Override
        public BitSet unsettled(GroupView groups) {
            return groups.unsettled(kept.copies());
        }

        @Override
        public long lackingBytes(GroupView groups, BitSet unsettled) {
            return groups.lackingBytes(unsettled);
        }

        @Override
        public BlobRepair.Homecoming bringHome(BlobId key, Pacer pace) {
            return repair.bringHome(key, kept.copies(), pace);
        }
    }

    /**
     * Opens a pool on devices that are open.
     *
     * @param placement which of them a blob belongs on, until {@link #place} says otherwise
     */
    public static ReplicatedPool open(
            PoolConfig config, DeviceSet devices, PoolPlacement placement) {
        ReplicatedPool pool = new ReplicatedPool(config, devices, placement);
        devices.group(config.poolId(), placement);
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
            devices.group(config.poolId(), placement);
        }
        members.place(placement);
    }

    @Override
    public PoolHealth health() {
        return healthView.health(audit.lostBlobs());
    }

    @Override
    public PoolCapacity capacity() {
        return new CapacityView(members, devices.limits(), 1)
                .capacity(new GroupView(config.poolId(), members).bytes(), kept.copies());
    }

    @Override
    public void keep(Redundancy redundancy, int maxCopiedBytes) {
        if (!(redundancy instanceof Redundancy.Copies copies)) {
            throw new IllegalArgumentException("a pool of copies cannot be kept as " + redundancy);
        }
        kept = copies;
    }

    @Override
    public BackfillProgress backfill() {
        return backfill.progress();
    }

    @Override
    public void pace(BackfillPace pace) {
        backfill.pace(pace);
    }

    /** Blobs that wait for repair, and the one under it. */
    int repairsQueued() {
        return repairs.size();
    }

    /** Brings every blob home that can be now; returns how many failed. */
    long settle() {
        return backfill.settle();
    }

    @Override
    public CompletableFuture<BlobWritten> write(
            BlobId blobId, BlobPayload payload, byte[] ownerTag) {
        requireOfThisPool(blobId);
        foreground.request();
        PoolFullException full = members.refusal(blobId);
        if (full != null) {
            return CompletableFuture.failedFuture(full);
        }
        Redundancy.Copies wanted = kept;
        List<BlobDevice> targets = new ArrayList<>(wanted.copies());
        List<Integer> skipped = new ArrayList<>(0);
        List<DeviceException> reasons = new ArrayList<>(0);
        for (SetMember member : members.target(blobId)) {
            DeviceException refusal = setAside(member, payload.lengthBytes(), ownerTag.length);
            BlobDevice log = member.log();
            if (refusal == null && log != null) {
                targets.add(log);
            } else if (refusal != null) {
                skipped.add(member.deviceId());
                reasons.add(refusal);
            }
        }
        if (targets.size() < wanted.min()) {
            targets.forEach(log -> log.giveBack(payload.lengthBytes(), ownerTag.length));
            return CompletableFuture.failedFuture(
                    PendingWrite.failure(blobId, targets.size(), wanted.min(), reasons));
        }
        PendingWrite pending =
                new PendingWrite(
                        blobId,
                        wanted.min(),
                        targets,
                        Collections.nCopies(targets.size(), blobId),
                        skipped,
                        this::degraded);
        for (int i = 0; i < targets.size(); i++) {
            int target = i;
            targets.get(i)
                    .write(
                            blobId,
                            payload,
                            ownerTag,
                            false,
                            (changed, failure) -> pending.answered(target, changed, failure));
        }
        return pending.result();
    }

    private void requireOfThisPool(BlobId blobId) {
        if (blobId.poolId() != config.poolId()) {
            throw new IllegalArgumentException(
                    "blob %s is of pool %d, not of %d"
                            .formatted(blobId, blobId.poolId(), config.poolId()));
        }
    }

    static @Nullable DeviceException setAside(SetMember member, int payloadBytes, int tagBytes) {
        BlobDevice log = member.log();
        if (log == null || !member.up()) {
            return new DeviceFailedException(
                    "device %d is %s".formatted(member.deviceId(), member.state()));
        }
        if (!log.setAside(payloadBytes, tagBytes)) {
            return new DeviceFullException(
                    "device %d has no room for %d bytes"
                            .formatted(member.deviceId(), payloadBytes));
        }
        return null;
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
        int total = 0;
        while (target.hasRemaining()) {
            int wanted = Math.min(target.remaining(), ScratchPool.LARGE_BYTES);
            int at = offset + total;
            int count = fromAnyCopy(blobId, new CopyReader.Range(blobId, at, wanted), target);
            total += count;
            if (count < wanted) {
                break;
            }
        }
        return total;
    }

    @Override
    public byte[] ownerTag(BlobId blobId) {
        ByteBuffer tag = ByteBuffer.allocate(MAX_OWNER_TAG_BYTES);
        byte[] bytes = new byte[fromAnyCopy(blobId, new CopyReader.Tag(blobId), tag)];
        tag.get(0, bytes);
        return bytes;
    }

    private int fromAnyCopy(BlobId blobId, CopyReader.Access access, ByteBuffer target) {
        PoolMembers.Holders holders = members.holders(blobId);
        CopyRace race = new CopyRace(blobId, reader, access, target, listener);
        int count = race.run(holders.logs());
        DeviceException failure = race.failure();
        if (count < 0) {
            throw failure != null
                    ? failure
                    : new BlobMissingException("blob %s is on no device".formatted(blobId));
        }
        if (failure != null || (!holders.whole() && homeLacks(blobId))) {
            repairs.add(blobId);
        }
        return count;
    }

    /**
     * Whether a device that is up lacks a copy it should have: those that are down get theirs when
     * they are back, or another does when they are out.
     */
    private boolean homeLacks(BlobId blobId) {
        PoolPlacement placement = members.placement();
        if (backfill.seesTo(placement.groupOf(blobId.high(), blobId.low()))) {
            return false;
        }
        boolean lacks = false;
        for (SetMember member : members.home(blobId)) {
            BlobDevice log = member.log();
            if (log != null
                    && member.up()
                    && !member.holds(blobId)
                    && !repair.isBeingDeleted(blobId)) {
                listener.on(new DeviceEvent.CopyMissing(member.deviceId(), blobId));
                lacks = true;
            }
        }
        return lacks;
    }

    @Override
    public int lengthBytes(BlobId blobId) {
        for (BlobDevice log : members.holders(blobId).logs()) {
            int length = SetMember.lengthOn(log, blobId);
            if (length >= 0) {
                return length;
            }
        }
        throw new BlobMissingException("blob %s is on no device".formatted(blobId));
    }

    @Override
    public CompletableFuture<BlobDeleted> delete(BlobId blobId) {
        repair.deleteBegins(blobId);
        repairs.forget(blobId);
        PendingDelete pending =
                new PendingDelete(blobId, members, Map.of(blobId, members.belonging(blobId)));
        return pending.run()
                .whenComplete(
                        (deleted, failure) -> {
                            repair.deleteEnded(blobId);
                            owedDeletes.settle(deleted);
                        });
    }

    /** Deletes for good what was deleted while a device that is back now was away. */
    private void deleteIfOwed(BlobId blobId) {
        if (owedDeletes.contains(blobId)) {
            delete(blobId).join();
        }
    }

    @Override
    public void list(int deviceId, BlobVisitor visitor) {
        devices.list(
                deviceId,
                (blobId, lengthBytes) -> {
                    if (blobId.poolId() == config.poolId()) {
                        visitor.visit(blobId, lengthBytes);
                    }
                });
    }

    @Override
    public BlobVerification verify(BlobId blobId) {
        return repair.verify(blobId);
    }

    @Override
    public BlobVerification repair(BlobId blobId) {
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
        ScrubSession session =
                new ScrubSession(
                        log,
                        config.poolId(),
                        ScrubMode.DEEP,
                        reader,
                        repairs::add,
                        Pacer.of(config.repairBytesPerSecond()),
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
