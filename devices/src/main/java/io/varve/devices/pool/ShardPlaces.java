package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.ErasureConfig;
import io.varve.devices.PoolPlacement;
import io.varve.devices.log.BlobDevice;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Which device each part of a blob belongs on, and which have it. Any thread. */
final class ShardPlaces {
    private final PoolMembers members;
    private final int width;
    private final int copies;

    /**
     * A part where it belongs.
     *
     * @param shard its number, -1 for a whole copy
     */
    record Place(SetMember member, int shard, BlobId key) {
        boolean holds() {
            return member.holds(key);
        }
    }

    ShardPlaces(PoolMembers members, ErasureConfig config) {
        this.members = members;
        this.width = config.scheme().width();
        this.copies = config.scheme().parityShards() + 1;
    }

    /** What a device knows a part by. */
    static BlobId key(BlobId blobId, int shard) {
        return shard < 0 ? blobId : blobId.shard(shard);
    }

    /** Where the shards of a new blob go; places without a device left out. */
    List<Place> shardTargets(BlobId blobId) {
        PoolPlacement now = members.placement();
        return shards(blobId, now.target(now.groupOf(blobId.high(), blobId.low())));
    }

    /** Where the copies of a new small blob go. */
    List<Place> copyTargets(BlobId blobId) {
        PoolPlacement now = members.placement();
        return copies(blobId, now.target(now.groupOf(blobId.high(), blobId.low())));
    }

    /** Where the map wants the shards. */
    List<Place> shardHomes(BlobId blobId) {
        PoolPlacement now = members.placement();
        return shards(blobId, now.home(now.groupOf(blobId.high(), blobId.low())));
    }

    List<Place> copyHomes(BlobId blobId) {
        PoolPlacement now = members.placement();
        return copies(blobId, now.home(now.groupOf(blobId.high(), blobId.low())));
    }

    /** The targets, and what is up of home beside them: where a repair puts parts. */
    List<Place> wanted(BlobId blobId, boolean wholeCopies) {
        List<Place> wanted = wholeCopies ? copyTargets(blobId) : shardTargets(blobId);
        for (Place home : wholeCopies ? copyHomes(blobId) : shardHomes(blobId)) {
            if (home.member().up() && !wanted.contains(home)) {
                wanted.add(home);
            }
        }
        return wanted;
    }

    private List<Place> shards(BlobId blobId, int[] devices) {
        List<Place> places = new ArrayList<>(width);
        for (int shard = 0; shard < Math.min(width, devices.length); shard++) {
            SetMember member = member(devices[shard]);
            if (member != null) {
                places.add(new Place(member, shard, key(blobId, shard)));
            }
        }
        return places;
    }

    private List<Place> copies(BlobId blobId, int[] devices) {
        List<Place> places = new ArrayList<>(copies);
        for (int i = 0; i < devices.length && places.size() < copies; i++) {
            SetMember member = member(devices[i]);
            if (member != null) {
                places.add(new Place(member, -1, blobId));
            }
        }
        return places;
    }

    private @Nullable SetMember member(int deviceId) {
        return deviceId < 0 ? null : members.find(deviceId);
    }

    /** Looks where parts belong, and everywhere when not all are there. */
    BlobParts find(BlobId blobId) {
        List<BlobDevice> whole = new ArrayList<>(copies);
        List<List<BlobDevice>> shards = new ArrayList<>(width);
        for (int shard = 0; shard < width; shard++) {
            shards.add(new ArrayList<>(1));
        }
        int found = 0;
        for (Place place : shardTargets(blobId)) {
            found += addHolder(place, shards.get(place.shard()));
        }
        if (found == width) {
            return new BlobParts(whole, shards, true);
        }
        int foundCopies = 0;
        if (found == 0) {
            for (Place place : copyTargets(blobId)) {
                foundCopies += addHolder(place, whole);
            }
        }
        if (foundCopies < copies) {
            addAll(blobId, whole, shards);
        }
        return new BlobParts(whole, shards, foundCopies == copies);
    }

    /** All parts on all devices. */
    BlobParts findEverywhere(BlobId blobId) {
        List<BlobDevice> whole = new ArrayList<>(copies);
        List<List<BlobDevice>> shards = new ArrayList<>(width);
        for (int shard = 0; shard < width; shard++) {
            shards.add(new ArrayList<>(1));
        }
        addAll(blobId, whole, shards);
        return new BlobParts(whole, shards, false);
    }

    private void addAll(BlobId blobId, List<BlobDevice> whole, List<List<BlobDevice>> shards) {
        for (int shard = -1; shard < width; shard++) {
            BlobId key = key(blobId, shard);
            List<BlobDevice> logs = shard < 0 ? whole : shards.get(shard);
            addHolders(key, members.all(), true, logs);
            addHolders(key, members.all(), false, logs);
        }
    }

    private static int addHolder(Place place, List<BlobDevice> logs) {
        BlobDevice log = place.member().log();
        if (log == null || !place.member().up() || !place.holds()) {
            return 0;
        }
        logs.add(log);
        return 1;
    }

    private static void addHolders(
            BlobId key, Collection<SetMember> all, boolean up, List<BlobDevice> logs) {
        for (SetMember member : all) {
            BlobDevice log = member.log();
            if (log != null && member.up() == up && !logs.contains(log) && member.holds(key)) {
                logs.add(log);
            }
        }
    }
}
