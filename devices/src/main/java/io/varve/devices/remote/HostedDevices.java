package io.varve.devices.remote;

import io.varve.devices.BlobDamagedException;
import io.varve.devices.BlobId;
import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFailedException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceListener;
import io.varve.devices.DeviceSetConfig;
import io.varve.devices.DeviceState;
import io.varve.devices.FillLimits;
import io.varve.devices.ScrubMode;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.GroupTally;
import io.varve.devices.log.LogCallback;
import io.varve.devices.log.ScrubMark;
import io.varve.devices.pool.DeviceSet;
import io.varve.devices.remote.Refusal.NotAttachedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * The devices that a host has open, and what is asked of them. A device is opened when the first
 * endpoint asks for it, and stays open. Safe for use by many threads; what is asked may block.
 */
final class HostedDevices implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final Path root;
    private final TallyGroups groups;
    private final DeviceListener listener;
    private final Map<Integer, Path> places = new HashMap<>();
    private @Nullable UUID siteId;
    private volatile @Nullable DeviceSet set;

    HostedDevices(Path root, TallyGroups groups, DeviceListener listener) {
        this.root = root.toAbsolutePath().normalize();
        this.groups = groups;
        this.listener = listener;
    }

    /** Gives the body of the answer, at once or later; what it throws is the refusal. */
    void handle(
            Operation operation,
            ByteBuffer in,
            Consumer<byte[]> answer,
            Consumer<RuntimeException> refusal)
            throws IOException {
        switch (operation) {
            case ATTACH -> answer.accept(attach(Attachment.decode(in)));
            case WRITE -> write(in, answer, refusal);
            case DELETE -> delete(in, answer, refusal);
            case STATS -> answer.accept(stats(in));
            case DETACH -> {
                detach(in.getInt(), Path.of(Body.text(in)));
                answer.accept(NOTHING);
            }
            case READ -> answer.accept(read(in));
            case OWNER_TAG -> {
                DeviceSet open = open();
                int deviceId = in.getInt();
                require(deviceId);
                answer.accept(open.ownerTag(deviceId, Body.blobId(in)));
            }
            case LENGTH ->
                    answer.accept(
                            new Body()
                                    .put(require(in.getInt()).lengthBytes(Body.blobId(in)))
                                    .bytes());
            case LIST -> answer.accept(list(in));
            case KEEP_TALLY -> answer.accept(keepTally(in));
            case TALLY -> answer.accept(tally(in));
            case SCRUB_MARK -> answer.accept(scrubMark(in));
            case KEEP_SCRUB_MARK -> answer.accept(keepScrubMark(in));
            case REPAIR_LABEL -> {
                require(in.getInt()).repairLabel();
                answer.accept(NOTHING);
            }
            case REPAIR_SEGMENTS ->
                    answer.accept(new Body().put(require(in.getInt()).repairSegments()).bytes());
            case HELLO -> throw new IllegalArgumentException("a connection begins only once");
        }
    }

    private BlobDevice require(int deviceId) {
        synchronized (places) {
            if (!places.containsKey(deviceId)) {
                throw new NotAttachedException(deviceId);
            }
        }
        return open().device(deviceId);
    }

    private DeviceSet open() {
        DeviceSet open = set;
        if (open == null) {
            throw new NotAttachedException(-1);
        }
        return open;
    }

    private byte[] attach(Attachment wanted) {
        int deviceId = wanted.config().deviceId();
        Path place = place(wanted.config().directory());
        synchronized (places) {
            DeviceSet open = setOf(wanted.siteId());
            Path before = places.get(deviceId);
            if (before != null && !before.equals(place)) {
                places.remove(deviceId);
                open.remove(deviceId);
                before = null;
            }
            if (before == null) {
                open.add(wanted.config().withDirectory(place), wanted.format());
                places.put(deviceId, place);
            } else {
                DeviceState state = open.device(deviceId).state();
                if (state != DeviceState.UP && (wanted.again() || state != DeviceState.FAILED)) {
                    open.reopen(deviceId, wanted.format());
                }
            }
            BlobDevice device = open.device(deviceId);
            UUID uuid = wanted.config().uuid();
            if (uuid != null && !uuid.equals(device.label().deviceUuid())) {
                throw new DeviceFailedException(
                        "device %d on its host is another one: %s, expected %s"
                                .formatted(deviceId, device.label().deviceUuid(), uuid));
            }
            return Facts.encode(device);
        }
    }

    /** Nobody reaches beyond the host's directory, whatever certificate they have. */
    private Path place(Path directory) {
        Path place = root.resolve(directory).normalize();
        if (!place.startsWith(root) || place.equals(root)) {
            throw new DeviceFailedException(
                    "the directory of a device must be below the host's own: " + directory);
        }
        return place;
    }

    private DeviceSet setOf(UUID wantedSite) {
        DeviceSet open = set;
        if (open == null) {
            open =
                    DeviceSet.open(
                            new DeviceSetConfig(wantedSite, List.of(), false, FillLimits.OFF),
                            listener);
            siteId = wantedSite;
            set = open;
        }
        if (!wantedSite.equals(siteId)) {
            throw new DeviceFailedException(
                    "the host has devices of site %s open, not of %s"
                            .formatted(siteId, wantedSite));
        }
        return open;
    }

    private void detach(int deviceId, Path directory) {
        synchronized (places) {
            if (place(directory).equals(places.get(deviceId))) {
                places.remove(deviceId);
                open().remove(deviceId);
            }
        }
    }

    private void write(ByteBuffer in, Consumer<byte[]> answer, Consumer<RuntimeException> refusal) {
        BlobDevice device = require(in.getInt());
        BlobId blobId = Body.blobId(in);
        boolean replace = Body.bool(in);
        byte[] tag = Body.bytes(in);
        int crcCount = in.getInt();
        if (crcCount < 0 || crcCount > in.remaining() / Integer.BYTES) {
            throw new IllegalArgumentException("a blob cannot have so many blocks: " + crcCount);
        }
        int[] crcs = new int[crcCount];
        for (int i = 0; i < crcs.length; i++) {
            crcs[i] = in.getInt();
        }
        BlobPayload payload = BlobPayload.of(in.slice());
        boolean same = payload.blockCount() == crcs.length;
        for (int i = 0; same && i < crcs.length; i++) {
            same = payload.blockCrc(i) == crcs[i];
        }
        if (!same) {
            throw new BlobDamagedException(
                    "blob %s is not what was sent: %d bytes"
                            .formatted(blobId, payload.lengthBytes()));
        }
        if (!device.setAside(payload.lengthBytes(), tag.length)) {
            throw new DeviceFullException(
                    "device %d has no room for %d bytes"
                            .formatted(device.deviceId(), payload.lengthBytes()));
        }
        device.write(blobId, payload, tag, replace, told(answer, refusal));
    }

    private void delete(
            ByteBuffer in, Consumer<byte[]> answer, Consumer<RuntimeException> refusal) {
        BlobDevice device = require(in.getInt());
        BlobId blobId = Body.blobId(in);
        LogCallback told = told(answer, refusal);
        if (!Body.bool(in)) {
            device.delete(blobId, told);
            return;
        }
        var unused =
                device.dropCopy(blobId)
                        .whenComplete(
                                (changed, failure) -> {
                                    Throwable cause =
                                            failure instanceof CompletionException e
                                                    ? e.getCause()
                                                    : failure;
                                    if (cause instanceof DeviceException known) {
                                        told.completed(false, known);
                                    } else if (cause != null) {
                                        refusal.accept(new IllegalStateException(cause));
                                    } else {
                                        told.completed(changed, null);
                                    }
                                });
    }

    private static LogCallback told(Consumer<byte[]> answer, Consumer<RuntimeException> refusal) {
        return (changed, failure) -> {
            if (failure == null) {
                answer.accept(new Body().put(changed).bytes());
            } else {
                refusal.accept(failure);
            }
        };
    }

    /** A checksum of what is read goes with it: verified here, and again where it is used. */
    private byte[] read(ByteBuffer in) {
        int deviceId = in.getInt();
        require(deviceId);
        BlobId blobId = Body.blobId(in);
        int offset = in.getInt();
        int length = in.getInt();
        if (length < 0 || length > RemoteDevice.MAX_READ_BYTES || offset < 0) {
            throw new IllegalArgumentException(
                    "a read cannot be so: offset=%d, length=%d".formatted(offset, length));
        }
        ByteBuffer target = ByteBuffer.allocate(Integer.BYTES + length).position(Integer.BYTES);
        open().read(deviceId, blobId, offset, length, target);
        CRC32C crc = new CRC32C();
        crc.update(target.array(), Integer.BYTES, target.position() - Integer.BYTES);
        target.putInt(0, (int) crc.getValue());
        return target.hasRemaining()
                ? Arrays.copyOf(target.array(), target.position())
                : target.array();
    }

    private byte[] list(ByteBuffer in) {
        BlobDevice device = require(in.getInt());
        Body rows = new Body();
        device.list(in.getInt(), (id, lengthBytes) -> rows.put(id).put(lengthBytes));
        return rows.bytes();
    }

    private byte[] keepTally(ByteBuffer in) {
        BlobDevice device = require(in.getInt());
        int poolId = in.getInt();
        int groupCount = in.getInt();
        boolean shards = Body.bool(in);
        GroupTally kept = device.tally(poolId);
        if (kept == null || kept.groupCount() != groupCount || kept.shards() != shards) {
            device.keep(new GroupTally(poolId, groupCount, groups.of(poolId, groupCount), shards));
        }
        return NOTHING;
    }

    private byte[] tally(ByteBuffer in) {
        GroupTally tally = require(in.getInt()).tally(in.getInt());
        Body out = new Body();
        for (int group = 0; tally != null && group < tally.groupCount(); group++) {
            out.put(tally.copies(group)).put(tally.bytes(group)).put(tally.fingerprint(group));
        }
        return out.bytes();
    }

    private byte[] stats(ByteBuffer in) {
        Body out = new Body();
        while (in.hasRemaining()) {
            int deviceId = in.getInt();
            synchronized (places) {
                if (places.containsKey(deviceId)) {
                    StatsCodec.encode(open().device(deviceId).stats(), out);
                }
            }
        }
        return out.bytes();
    }

    private byte[] scrubMark(ByteBuffer in) throws IOException {
        ScrubMark mark = require(in.getInt()).scrubMark(in.getInt());
        return new Body()
                .put(mark.mode().ordinal())
                .put(mark.partsDone())
                .put(mark.lastLightMs())
                .put(mark.lastDeepMs())
                .bytes();
    }

    private byte[] keepScrubMark(ByteBuffer in) throws IOException {
        BlobDevice device = require(in.getInt());
        int poolId = in.getInt();
        device.mark(poolId, decodeMark(in));
        return NOTHING;
    }

    static ScrubMark decodeMark(ByteBuffer in) {
        return new ScrubMark(
                ScrubMode.values()[in.getInt()], in.getInt(), in.getLong(), in.getLong());
    }

    @Override
    public void close() {
        synchronized (places) {
            DeviceSet open = set;
            if (open != null) {
                open.close();
            }
            places.clear();
        }
    }
}
