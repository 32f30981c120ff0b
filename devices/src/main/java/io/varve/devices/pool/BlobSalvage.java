package io.varve.devices.pool;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.DeviceConfig;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceLabelException;
import io.varve.devices.DeviceListener;
import io.varve.devices.FoundBlob;
import io.varve.devices.compress.BlobCompression;
import io.varve.devices.erasure.ErasureCode;
import io.varve.devices.file.DeviceFiles;
import io.varve.devices.file.DiskDeviceFiles;
import io.varve.devices.log.DeviceLabel;
import io.varve.devices.log.DeviceLog;
import io.varve.devices.log.Pacer;
import io.varve.devices.log.ReadScratch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Reads blobs from directories of devices when nothing else is known: no journal, no map, no pools.
 * What a blob is of is told by its owner tag, how it was cut by its shards.
 *
 * <p>Single-threaded. Opens the devices as a start does, which may seal a segment, and writes
 * nothing else; no process may have them open. Keeps some hundred bytes of memory for each blob.
 * Failure: a device that cannot be read is left out, a blob that no device has a good copy of is
 * told to the visitor.
 */
public final class BlobSalvage implements AutoCloseable {
    private final List<Source> sources = new ArrayList<>();
    private final List<DeviceLog> logs = new ArrayList<>();
    private final Map<BlobId, Holding> holdings = new HashMap<>();
    private final Set<BlobId> deleted = new HashSet<>();
    private final BlobCompression compression = new BlobCompression();
    private final ReadScratch scratch = ReadScratch.allocate(ScratchPool.LARGE_BYTES);

    /**
     * A directory that was looked at.
     *
     * @param label null when it could not be opened
     * @param problem why not; null when it was
     */
    public record Source(
            Path directory, @Nullable DeviceLabel label, long blobCount, @Nullable String problem) {
        static Source unusable(Path directory, Exception reason) {
            return new Source(directory, null, 0, String.valueOf(reason.getMessage()));
        }
    }

    /** Is told of every blob that was not deleted. */
    public interface Visitor {
        void found(FoundBlob blob);

        /** Too few of its copies or shards can be read to say what it is. */
        void unreadable(BlobId id, String reason);
    }

    /** On which devices the parts of a blob are: {@code device << 5 | shard + 1}, 0 = a copy. */
    private static final class Holding {
        private static final int SHARD_BITS = 5;
        private int[] parts = {};

        void add(int device, int shard) {
            int[] more = new int[parts.length + 1];
            System.arraycopy(parts, 0, more, 0, parts.length);
            more[parts.length] = device << SHARD_BITS | shard + 1;
            parts = more;
        }

        private static int device(int part) {
            return part >>> SHARD_BITS;
        }

        private static int shard(int part) {
            return (part & (1 << SHARD_BITS) - 1) - 1;
        }
    }

    private BlobSalvage() {}

    /**
     * Opens devices and reads what they hold.
     *
     * @throws DeviceLabelException when they are of more than one site
     */
    public static BlobSalvage open(List<Path> directories, DeviceListener listener) {
        BlobSalvage salvage = new BlobSalvage();
        try {
            for (Path directory : directories) {
                salvage.sources.add(salvage.add(directory, listener));
            }
            salvage.readIndexes();
            return salvage;
        } catch (RuntimeException | Error e) {
            salvage.close();
            throw e;
        }
    }

    private Source add(Path directory, DeviceListener listener) {
        try {
            DeviceLabel label;
            try (DeviceFiles files = DiskDeviceFiles.open(directory)) {
                label = DeviceLog.readLabel(files);
            }
            if (label == null) {
                return Source.unusable(directory, new DeviceLabelException("empty"));
            }
            requireOfOneSite(directory, label.siteId());
            for (DeviceLog log : logs) {
                if (log.label().deviceUuid().equals(label.deviceUuid())) {
                    throw new DeviceLabelException("the same device as " + log.deviceId());
                }
            }
            DeviceLog log =
                    DeviceLog.open(
                            DeviceConfig.of(label.deviceId(), directory),
                            DiskDeviceFiles.open(directory),
                            label.siteId(),
                            false,
                            Runnable::run,
                            Pacer.NONE,
                            listener);
            logs.add(log);
            return new Source(directory, label, log.opened().blobCount(), null);
        } catch (IOException | DeviceException e) {
            return Source.unusable(directory, e);
        }
    }

    private void requireOfOneSite(Path directory, UUID siteId) {
        for (DeviceLog log : logs) {
            UUID first = log.label().siteId();
            if (!first.equals(siteId)) {
                throw new IllegalArgumentException(
                        "devices of two sites: %s is of %s, those before it are of %s"
                                .formatted(directory, siteId, first));
            }
        }
    }

    private void readIndexes() {
        for (DeviceLog log : logs) {
            try {
                log.listDeleted(key -> deleted.add(key.blob()));
            } catch (IOException e) {
                throw new DeviceFailedException(
                        "device %d: its deletes cannot be read".formatted(log.deviceId()), e);
            }
        }
        for (int i = 0; i < logs.size(); i++) {
            int device = i;
            logs.get(i)
                    .list(
                            (key, lengthBytes) -> {
                                if (!deleted.contains(key.blob())) {
                                    holdings.computeIfAbsent(key.blob(), id -> new Holding())
                                            .add(device, key.shardNumber());
                                }
                            });
        }
    }

    /** In the order given. */
    public List<Source> sources() {
        return List.copyOf(sources);
    }

    /** How many blobs of which something is there were deleted, by a tombstone of any device. */
    public long deletedCount() {
        return deleted.size();
    }

    /** Shows each blob once, in the order of their making. */
    public void list(Visitor visitor) {
        for (BlobId id : holdings.keySet().stream().sorted().toList()) {
            try {
                visitor.found(find(id));
            } catch (DeviceException e) {
                visitor.unreadable(id, String.valueOf(e.getMessage()));
            }
        }
    }

    private FoundBlob find(BlobId id) {
        Holding holding = require(id);
        String reason = "no part's head can be read";
        Set<Integer> shards = new HashSet<>();
        ShardTag known = null;
        for (int part : holding.parts) {
            DeviceLog log = logs.get(Holding.device(part));
            int shard = Holding.shard(part);
            BlobId key = ShardPlaces.key(id, shard);
            try {
                byte[] tag = log.ownerTag(key, scratch);
                if (shard < 0) {
                    return new FoundBlob(id, tag);
                }
                ShardTag parsed = ShardTag.parse(tag);
                if (parsed != null && parsed.shard() == shard) {
                    known = parsed;
                    shards.add(shard);
                }
            } catch (DeviceException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        if (known == null) {
            throw new BlobDamagedException("blob %s: %s".formatted(id, reason));
        }
        if (shards.size() < known.layout().dataShards()) {
            throw new BlobDamagedException(
                    "blob %s: %d of the %d shards that it takes are there"
                            .formatted(id, shards.size(), known.layout().dataShards()));
        }
        return new FoundBlob(id, known.ownerTag());
    }

    private Holding require(BlobId id) {
        Holding holding = holdings.get(id);
        if (holding == null) {
            throw new BlobMissingException("blob %s is on no device".formatted(id));
        }
        return holding;
    }

    /**
     * Reads the whole content of a blob, verified.
     *
     * @throws DeviceException when no good copy, or too few good shards, can be read
     */
    public ByteBuffer read(BlobId id) {
        ByteBuffer payload = payload(id);
        return id.compressed() ? compression.readAll(payload) : payload;
    }

    private ByteBuffer payload(BlobId id) {
        Holding holding = require(id);
        SortedMap<Integer, ByteBuffer> shards = new TreeMap<>();
        ShardLayout layout = null;
        DeviceException failure = null;
        for (int part : holding.parts) {
            DeviceLog log = logs.get(Holding.device(part));
            int shard = Holding.shard(part);
            BlobId key = ShardPlaces.key(id, shard);
            try {
                if (shard < 0) {
                    return readPart(log, key, log.lengthBytes(key));
                }
                ShardTag tag = ShardTag.parse(log.ownerTag(key, scratch));
                if (tag != null && (layout == null || shards.size() < layout.dataShards())) {
                    layout = tag.layout();
                    shards.putIfAbsent(shard, readPart(log, key, layout.lengthBytes(shard)));
                }
            } catch (DeviceException e) {
                failure = e;
            }
        }
        if (layout == null || shards.size() < layout.dataShards()) {
            throw new BlobDamagedException(
                    "blob %s: too few good parts can be read".formatted(id), failure);
        }
        return decode(layout, shards);
    }

    private ByteBuffer readPart(DeviceLog log, BlobId key, int lengthBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
        while (bytes.hasRemaining()) {
            int step = Math.min(bytes.remaining(), ScratchPool.LARGE_BYTES);
            ByteBuffer read = log.read(key, bytes.position(), step, scratch);
            if (!read.hasRemaining()) {
                throw new BlobDamagedException(
                        "blob %s on device %d is shorter than it should be"
                                .formatted(key, log.deviceId()));
            }
            bytes.put(read);
        }
        return bytes.flip();
    }

    private static ByteBuffer decode(ShardLayout layout, SortedMap<Integer, ByteBuffer> shards) {
        SortedMap<Integer, ByteBuffer> wanted = new TreeMap<>();
        for (int shard = 0; shard < layout.dataShards(); shard++) {
            if (!shards.containsKey(shard)) {
                wanted.put(shard, ByteBuffer.allocate(layout.lengthBytes(shard)));
            }
        }
        if (!wanted.isEmpty()) {
            new ErasureCode(layout.dataShards(), layout.parityShards()).rebuild(shards, wanted);
        }
        ByteBuffer whole = ByteBuffer.allocate(layout.blobBytes());
        for (int shard = 0; shard < layout.dataShards(); shard++) {
            ByteBuffer part = shards.getOrDefault(shard, wanted.get(shard));
            if (part == null) {
                throw new IllegalStateException("shard " + shard + " was not made");
            }
            whole.put(part.duplicate().clear());
        }
        return whole.flip();
    }

    @Override
    public void close() {
        logs.forEach(DeviceLog::close);
    }
}
