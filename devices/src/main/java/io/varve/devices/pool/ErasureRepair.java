package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVerification;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceListener;
import io.varve.devices.PoolPlacement;
import io.varve.devices.erasure.ErasureCode;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.Pacer;
import io.varve.devices.pool.BlobRepair.Homecoming;
import io.varve.devices.pool.ShardPlaces.Place;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Checks the parts of a blob in a pool of shards and makes good what is missing or damaged, all
 * from one reading of k shards. Any thread, one repair of a blob at a time.
 */
final class ErasureRepair {
    private final ErasureCode code;
    private final PoolMembers members;
    private final ShardPlaces places;
    private final CopyReader reader;
    private final Pacer pacer;
    private final DeviceListener listener;
    private final BlobLocks locks;

    ErasureRepair(
            ErasureCode code,
            PoolMembers members,
            ShardPlaces places,
            CopyReader reader,
            Pacer pacer,
            DeviceListener listener,
            BlobLocks locks) {
        this.code = code;
        this.members = members;
        this.places = places;
        this.reader = reader;
        this.pacer = pacer;
        this.listener = listener;
        this.locks = locks;
    }

    BlobVerification verify(BlobId blobId) {
        return examine(blobId, true).verification();
    }

    /**
     * Makes what home lacks by its indexes, reading only as many other parts as it takes; drops
     * what is elsewhere once every part at home was read and is good.
     */
    Homecoming bringHome(BlobId blobId, Pacer pace) {
        if (!locks.repairBegins(blobId)) {
            return Homecoming.BUSY;
        }
        try {
            PoolPlacement placement = members.placement();
            BlobParts parts = places.find(blobId);
            if (parts.absent() || locks.isBeingDeleted(blobId)) {
                return Homecoming.NOTHING;
            }
            List<Place> homes =
                    parts.whole() ? places.copyHomes(blobId) : places.shardHomes(blobId);
            BlobExamination examination = examine(blobId, parts, homes, false, pace);
            List<Place> bad = bad(examination);
            makeGood(blobId, examination, bad);
            List<Place> done = bad.stream().filter(examination::isGood).toList();
            int failures = bad.size() - done.size();
            int width = parts.whole() ? code.parityShards() + 1 : code.totalShards();
            boolean mayDrop =
                    failures == 0
                            && homes.size() == width
                            && placement.epoch() == members.placement().epoch();
            int dropped = mayDrop ? dropElsewhere(blobId, homes, pace) : 0;
            return new Homecoming(
                    done.size(),
                    done.stream().mapToLong(ErasureRepair::bytes).sum(),
                    dropped,
                    failures);
        } finally {
            locks.repairEnded(blobId);
        }
    }

    private static long bytes(Place place) {
        BlobDevice log = place.member().log();
        return log == null ? 0 : Math.max(0, SetMember.lengthOn(log, place.key()));
    }

    private int dropElsewhere(BlobId blobId, List<Place> homes, Pacer pace) {
        BlobParts parts = places.findEverywhere(blobId);
        List<Place> elsewhere = new ArrayList<>();
        for (Place other : others(blobId, parts, new HashSet<>(homes))) {
            if (other.member().up()) {
                elsewhere.add(other);
            }
        }
        if (elsewhere.isEmpty()) {
            return 0;
        }
        BlobExamination examination = examine(blobId, parts, homes, true, pace);
        makeGood(blobId, examination, bad(examination));
        if (!homes.stream().allMatch(examination::isGood)) {
            return 0;
        }
        int dropped = 0;
        for (Place place : elsewhere) {
            BlobDevice log = place.member().log();
            try {
                dropped += log != null && log.dropCopy(place.key()).join() ? 1 : 0;
            } catch (CompletionException e) {
                // It failed just now; when it is back the part is dropped then.
                continue;
            }
        }
        return dropped;
    }

    /** Reads all parts; returns them as they are afterwards. */
    BlobVerification repair(BlobId blobId) {
        if (!locks.repairBegins(blobId)) {
            return verify(blobId);
        }
        try {
            BlobExamination examination = examine(blobId, true);
            List<Place> bad = bad(examination);
            if (!locks.isBeingDeleted(blobId)) {
                makeGood(blobId, examination, bad);
            }
            return examination.verification();
        } finally {
            locks.repairEnded(blobId);
        }
    }

    private BlobExamination examine(BlobId blobId, boolean deep) {
        BlobParts parts = places.find(blobId);
        return examine(blobId, parts, places.wanted(blobId, parts.whole()), deep, pacer);
    }

    private BlobExamination examine(
            BlobId blobId, BlobParts parts, List<Place> wanted, boolean deep, Pacer pace) {
        int enough = parts.whole() ? 1 : code.dataShards();
        BlobExamination examination = new BlobExamination(blobId, reader, pace, enough);
        boolean lacking = wanted.stream().anyMatch(place -> place.member().up() && !place.holds());
        for (Place place : wanted) {
            if (deep) {
                examination.readPart(place);
            } else if (lacking) {
                examination.glanceAt(place);
            }
        }
        if (deep || (lacking && !examination.isEnough())) {
            for (Place other : others(blobId, parts, new HashSet<>(wanted))) {
                examination.readPart(other);
            }
        }
        return examination;
    }

    /** Parts on devices where they are not wanted. */
    private List<Place> others(BlobId blobId, BlobParts parts, Set<Place> wanted) {
        List<Place> others = new ArrayList<>();
        for (int shard = -1; shard < code.totalShards(); shard++) {
            BlobId key = ShardPlaces.key(blobId, shard);
            for (BlobDevice log : shard < 0 ? parts.copies() : parts.shards().get(shard)) {
                SetMember member = members.find(log.deviceId());
                if (member != null && parts.whole() == (shard < 0)) {
                    Place place = new Place(member, shard, key);
                    if (!wanted.contains(place)) {
                        others.add(place);
                    }
                }
            }
        }
        return others;
    }

    /** Wanted places whose part has to be written. */
    private static List<Place> bad(BlobExamination examination) {
        List<Place> bad = new ArrayList<>();
        for (Map.Entry<Place, CopyState> each : examination.states().entrySet()) {
            CopyState state = each.getValue();
            if (each.getKey().member().up()
                    && (state == CopyState.MISSING || state == CopyState.DAMAGED)) {
                bad.add(each.getKey());
            }
        }
        return bad;
    }

    private void makeGood(BlobId blobId, BlobExamination examination, List<Place> bad) {
        if (bad.isEmpty()) {
            return;
        }
        if (!examination.isEnough()) {
            for (Place place : bad) {
                listener.on(
                        new DeviceEvent.RepairFailed(
                                place.member().deviceId(),
                                blobId,
                                "too few good parts can be read: " + examination.good().keySet()));
            }
            return;
        }
        SortedMap<Integer, ByteBuffer> bytes = new TreeMap<>(examination.good());
        SortedMap<Integer, ByteBuffer> made = new TreeMap<>();
        for (Place place : bad) {
            if (!bytes.containsKey(place.shard())) {
                made.computeIfAbsent(
                        place.shard(),
                        shard -> ByteBuffer.allocate(examination.lengthBytes(shard)));
            }
        }
        if (!made.isEmpty()) {
            code.rebuild(examination.good(), made);
            made.values().forEach(ByteBuffer::flip);
            bytes.putAll(made);
        }
        for (Place place : bad) {
            ByteBuffer part = bytes.get(place.shard());
            if (part == null) {
                throw new IllegalStateException("part " + place + " was not made");
            }
            if (write(blobId, place, part, examination.tagOf(place.shard()))) {
                examination.states().put(place, CopyState.GOOD);
            }
        }
    }

    private boolean write(BlobId blobId, Place place, ByteBuffer part, byte[] tag) {
        int deviceId = place.member().deviceId();
        BlobDevice log = place.member().log();
        if (log == null) {
            return false;
        }
        try {
            write(log, place.key(), BlobPayload.of(part), tag);
            if (locks.isOvertaken(blobId)) {
                log.delete(place.key()).join();
                return false;
            }
            listener.on(new DeviceEvent.CopyRepaired(deviceId, blobId));
            return true;
        } catch (DeviceException | CompletionException e) {
            listener.on(
                    new DeviceEvent.RepairFailed(deviceId, blobId, String.valueOf(e.getMessage())));
            return false;
        }
    }

    private static void write(BlobDevice target, BlobId key, BlobPayload payload, byte[] tag) {
        if (!target.setAside(payload.lengthBytes(), tag.length)) {
            throw new DeviceFullException("device " + target.deviceId() + " is full");
        }
        CompletableFuture<Void> written = new CompletableFuture<>();
        target.write(
                key,
                payload,
                tag,
                true,
                (changed, failure) -> {
                    if (failure == null) {
                        written.complete(null);
                    } else {
                        written.completeExceptionally(failure);
                    }
                });
        written.join();
    }
}
