package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobWritten;
import io.varve.devices.DeviceException;
import io.varve.devices.erasure.ErasureCode;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.pool.ShardPlaces.Place;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/** Writes blobs of a pool of shards: room on every device first, then all parts at once. */
final class ErasureWrites {
    private final ErasureCode code;
    private final ShardPlaces places;
    private final PendingWrite.Outcome outcome;

    /** What a device is to write. */
    private record Part(BlobPayload payload, byte[] tag) {}

    ErasureWrites(ErasureCode code, ShardPlaces places, PendingWrite.Outcome outcome) {
        this.code = code;
        this.places = places;
        this.outcome = outcome;
    }

    /**
     * @param min of shards: as many copies bear the same losses as that many shards
     */
    CompletableFuture<BlobWritten> copies(
            BlobId blobId, BlobPayload payload, byte[] ownerTag, int min) {
        Part copy = new Part(payload, ownerTag);
        return new Spread(blobId, min - code.dataShards() + 1)
                .reserve(
                        places.copyTargets(blobId), shard -> payload.lengthBytes(), ownerTag.length)
                .write(() -> shard -> copy);
    }

    CompletableFuture<BlobWritten> shards(
            BlobId blobId, BlobPayload payload, byte[] ownerTag, int min) {
        ShardLayout layout =
                new ShardLayout(code.dataShards(), code.parityShards(), payload.lengthBytes());
        return new Spread(blobId, min)
                .reserve(
                        places.shardTargets(blobId),
                        layout::lengthBytes,
                        ShardTag.FIXED_BYTES + ownerTag.length)
                .write(() -> encode(layout, payload, ownerTag)::get);
    }

    private List<Part> encode(ShardLayout layout, BlobPayload payload, byte[] ownerTag) {
        List<List<ByteBuffer>> data = new ArrayList<>();
        for (int shard = 0; shard < layout.dataShards(); shard++) {
            data.add(slice(payload, layout.start(shard), layout.lengthBytes(shard)));
        }
        List<ByteBuffer> parity = new ArrayList<>();
        for (int shard = layout.dataShards(); shard < layout.totalShards(); shard++) {
            parity.add(ByteBuffer.allocate(layout.shardBytes()));
        }
        code.encode(data, parity);
        List<Part> parts = new ArrayList<>();
        for (int shard = 0; shard < layout.totalShards(); shard++) {
            ByteBuffer[] bytes =
                    shard < layout.dataShards()
                            ? data.get(shard).toArray(ByteBuffer[]::new)
                            : new ByteBuffer[] {parity.get(shard - layout.dataShards()).flip()};
            byte[] tag = new ShardTag(shard, layout, ownerTag).bytes();
            parts.add(new Part(BlobPayload.of(bytes), tag));
        }
        return parts;
    }

    /** Views of a range of a payload. */
    private static List<ByteBuffer> slice(BlobPayload payload, int offset, int lengthBytes) {
        List<ByteBuffer> views = new ArrayList<>(1);
        int start = 0;
        for (int i = 0; i < payload.partCount(); i++) {
            ByteBuffer part = payload.part(i);
            int length = part.remaining();
            int from = Math.max(offset, start);
            int to = Math.min(offset + lengthBytes, start + length);
            if (from < to) {
                views.add(part.slice(part.position() + from - start, to - from));
            }
            start += length;
        }
        return views;
    }

    /** One blob on its way to its places. */
    private final class Spread {
        private final BlobId blobId;
        private final int min;
        private final List<Place> targets = new ArrayList<>();
        private final List<BlobDevice> logs = new ArrayList<>();
        private final List<Integer> skipped = new ArrayList<>(0);
        private final List<DeviceException> reasons = new ArrayList<>(0);
        private IntFunction<Integer> lengths = shard -> 0;
        private int tagBytes;

        Spread(BlobId blobId, int min) {
            this.blobId = blobId;
            this.min = min;
        }

        /** Sets room aside on each device that has it. */
        Spread reserve(List<Place> wanted, IntFunction<Integer> lengthOf, int tagLengthBytes) {
            lengths = lengthOf;
            tagBytes = tagLengthBytes;
            for (Place place : wanted) {
                BlobDevice log = place.member().log();
                DeviceException refusal =
                        ReplicatedPool.setAside(
                                place.member(), lengthOf.apply(place.shard()), tagLengthBytes);
                if (refusal == null && log != null) {
                    targets.add(place);
                    logs.add(log);
                } else if (refusal != null) {
                    skipped.add(place.member().deviceId());
                    reasons.add(refusal);
                }
            }
            return this;
        }

        /**
         * @param parts makes the parts, only when there is room for enough of them
         */
        CompletableFuture<BlobWritten> write(Parts parts) {
            if (targets.size() < min) {
                giveBack();
                return CompletableFuture.failedFuture(
                        PendingWrite.failure(blobId, targets.size(), min, reasons));
            }
            IntFunction<Part> made;
            try {
                made = parts.make();
            } catch (RuntimeException | Error e) {
                giveBack();
                throw e;
            }
            List<BlobId> keys = targets.stream().map(Place::key).toList();
            PendingWrite pending = new PendingWrite(blobId, min, logs, keys, skipped, outcome);
            for (int i = 0; i < logs.size(); i++) {
                int target = i;
                Part part = made.apply(targets.get(i).shard());
                logs.get(i)
                        .write(
                                keys.get(i),
                                part.payload(),
                                part.tag(),
                                false,
                                (changed, failure) -> pending.answered(target, changed, failure));
            }
            return pending.result();
        }

        private void giveBack() {
            for (int i = 0; i < logs.size(); i++) {
                logs.get(i).giveBack(lengths.apply(targets.get(i).shard()), tagBytes);
            }
        }
    }

    /** Makes a part for each number. */
    private interface Parts {
        IntFunction<Part> make();
    }
}
