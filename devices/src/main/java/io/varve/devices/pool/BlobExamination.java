package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobVerification;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceException;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.Pacer;
import io.varve.devices.pool.ShardPlaces.Place;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One look at the parts of a blob in a pool of shards: what state each is in, and the bytes of as
 * many good ones as it takes to make the others. Single-threaded.
 */
final class BlobExamination {
    private final BlobId blobId;
    private final CopyReader reader;
    private final Pacer pacer;
    private final int enough;
    private final Map<Place, CopyState> states = new LinkedHashMap<>();
    private final SortedMap<Integer, ByteBuffer> good = new TreeMap<>();
    private byte @Nullable [] ownerTag;
    private @Nullable ShardLayout layout;

    /**
     * @param enough how many different good parts bring back all others
     */
    BlobExamination(BlobId blobId, CopyReader reader, Pacer pacer, int enough) {
        this.blobId = blobId;
        this.reader = reader;
        this.pacer = pacer;
        this.enough = enough;
    }

    /** Reads every byte of a part. */
    void readPart(Place place) {
        states.put(place, state(place, true));
    }

    /** Reads a part if more are needed; else believes the index. */
    void glanceAt(Place place) {
        states.put(place, state(place, !isEnough()));
    }

    boolean isEnough() {
        return good.size() >= enough;
    }

    boolean isGood(Place place) {
        return states.get(place) == CopyState.GOOD;
    }

    Map<Place, CopyState> states() {
        return states;
    }

    /** Good parts by number, -1 for a whole copy: no more than enough. */
    SortedMap<Integer, ByteBuffer> good() {
        return good;
    }

    /** The tag that a part has to be written with; only after a good part was read. */
    byte[] tagOf(int shard) {
        byte[] owner = ownerTag;
        ShardLayout cut = layout;
        if (owner == null) {
            throw new IllegalStateException("no part of " + blobId + " was read");
        }
        return cut == null ? owner : new ShardTag(shard, cut, owner).bytes();
    }

    /** The length of a shard; only after a good one was read. */
    int lengthBytes(int shard) {
        ShardLayout cut = layout;
        if (cut == null) {
            throw new IllegalStateException("no shard of " + blobId + " was read");
        }
        return cut.lengthBytes(shard);
    }

    /** The states by device: of a device with several parts the worst. */
    BlobVerification verification() {
        Map<Integer, CopyState> byDevice = new TreeMap<>();
        states.forEach(
                (place, state) ->
                        byDevice.merge(
                                place.member().deviceId(),
                                state,
                                (a, b) -> a == CopyState.GOOD ? b : a));
        return new BlobVerification(blobId, byDevice);
    }

    private CopyState state(Place place, boolean read) {
        BlobDevice log = place.member().log();
        if (log == null || !place.member().up()) {
            return CopyState.UNREACHABLE;
        }
        try {
            int length = log.lengthBytes(place.key());
            if (length < 0) {
                return CopyState.MISSING;
            }
            if (!read) {
                return CopyState.GOOD;
            }
            ByteBuffer bytes = readWhole(log, place, length);
            if (!isEnough()) {
                good.putIfAbsent(place.shard(), bytes);
            }
            return CopyState.GOOD;
        } catch (BlobMissingException e) {
            return CopyState.MISSING;
        } catch (DeviceAwayException e) {
            return CopyState.UNREACHABLE;
        } catch (DeviceException e) {
            return place.member().up() ? CopyState.DAMAGED : CopyState.UNREACHABLE;
        }
    }

    private ByteBuffer readWhole(BlobDevice log, Place place, int length) {
        // An empty part has a head that may be damaged too.
        byte[] tag = reader.ownerTag(log, place.key());
        if (place.shard() < 0) {
            ownerTag = tag;
        } else {
            learn(place, length, tag);
        }
        ByteBuffer payload = ByteBuffer.allocate(length);
        while (payload.hasRemaining()) {
            int step = Math.min(payload.remaining(), ScratchPool.LARGE_BYTES);
            long began = System.nanoTime();
            reader.read(log, place.key(), payload.position(), step, payload);
            pacer.moved(log.deviceId(), step, System.nanoTime() - began);
        }
        return payload.flip();
    }

    private void learn(Place place, int length, byte[] tag) {
        ShardTag parsed = ShardTag.parse(tag);
        if (parsed == null
                || parsed.shard() != place.shard()
                || (layout != null && !parsed.layout().equals(layout))
                || parsed.layout().lengthBytes(place.shard()) != length) {
            throw new BlobDamagedException(
                    "what device %d has as %s does not fit the other shards"
                            .formatted(place.member().deviceId(), place.key()));
        }
        layout = parsed.layout();
        ownerTag = parsed.ownerTag();
    }
}
