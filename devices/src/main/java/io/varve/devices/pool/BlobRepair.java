package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.BlobMissingException;
import io.varve.devices.BlobPayload;
import io.varve.devices.BlobVerification;
import io.varve.devices.CopyState;
import io.varve.devices.DeviceAwayException;
import io.varve.devices.DeviceEvent;
import io.varve.devices.DeviceException;
import io.varve.devices.DeviceFullException;
import io.varve.devices.DeviceListener;
import io.varve.devices.PoolPlacement;
import io.varve.devices.log.BlobDevice;
import io.varve.devices.log.Pacer;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Checks the copies of a blob and makes good what is missing or damaged. Any thread, one repair of
 * a blob at a time.
 *
 * <p>A repair must not bring back what is being deleted. So each first says that it is there and
 * then looks for the other: a delete marks the blob before it looks for repairs, a repair marks it
 * before it looks for deletes; a repair that was overtaken drops the copies that it made.
 */
final class BlobRepair {
    private static final int FAILED = -2;

    private final PoolMembers members;
    private final CopyReader reader;
    private final DeviceListener listener;
    private final Pacer pacer;
    private final Map<BlobId, Boolean> overtaken = new ConcurrentHashMap<>();
    private final Map<BlobId, Integer> deleting = new ConcurrentHashMap<>();

    BlobRepair(PoolMembers members, CopyReader reader, Pacer pacer, DeviceListener listener) {
        this.members = members;
        this.reader = reader;
        this.pacer = pacer;
        this.listener = listener;
    }

    void deleteBegins(BlobId blobId) {
        deleting.merge(blobId, 1, Integer::sum);
        overtaken.computeIfPresent(blobId, (id, before) -> true);
    }

    void deleteEnded(BlobId blobId) {
        deleting.computeIfPresent(blobId, (id, count) -> count == 1 ? null : count - 1);
    }

    boolean isBeingDeleted(BlobId blobId) {
        return deleting.containsKey(blobId);
    }

    BlobVerification verify(BlobId blobId) {
        Map<Integer, CopyState> states = new TreeMap<>();
        for (SetMember member : members.wanted(blobId)) {
            states.put(member.deviceId(), state(member, blobId));
        }
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            if (log != null && member.holds(blobId)) {
                states.computeIfAbsent(member.deviceId(), id -> state(member, blobId));
            }
        }
        return new BlobVerification(blobId, states);
    }

    private CopyState state(SetMember member, BlobId blobId) {
        return state(member, blobId, pacer);
    }

    private CopyState state(SetMember member, BlobId blobId, Pacer pace) {
        BlobDevice log = member.log();
        if (log == null || !member.up()) {
            return CopyState.UNREACHABLE;
        }
        try {
            int length = log.lengthBytes(blobId);
            if (length < 0) {
                return CopyState.MISSING;
            }
            readWhole(log, blobId, length, pace);
            return CopyState.GOOD;
        } catch (BlobMissingException e) {
            return CopyState.MISSING;
        } catch (DeviceAwayException e) {
            return CopyState.UNREACHABLE;
        } catch (DeviceException e) {
            return member.up() ? CopyState.DAMAGED : CopyState.UNREACHABLE;
        }
    }

    private ByteBuffer readWhole(BlobDevice log, BlobId blobId, int length, Pacer pace) {
        ByteBuffer payload = ByteBuffer.allocate(length);
        // An empty blob has a head that may be damaged too.
        reader.ownerTag(log, blobId);
        while (payload.hasRemaining()) {
            int step = Math.min(payload.remaining(), ScratchPool.LARGE_BYTES);
            long began = System.nanoTime();
            reader.read(log, blobId, payload.position(), step, payload);
            pace.moved(log.deviceId(), step, System.nanoTime() - began);
        }
        return payload.flip();
    }

    /** Returns the copies as they are afterwards. */
    BlobVerification repair(BlobId blobId) {
        if (overtaken.putIfAbsent(blobId, false) != null) {
            return verify(blobId);
        }
        try {
            BlobVerification before = verify(blobId);
            boolean whole = before.count(CopyState.GOOD) == before.copies().size();
            if (whole || isBeingDeleted(blobId)) {
                return before;
            }
            return repair(before);
        } finally {
            overtaken.remove(blobId);
        }
    }

    private BlobVerification repair(BlobVerification before) {
        BlobId blobId = before.blobId();
        Map<Integer, CopyState> after = new TreeMap<>(before.copies());
        BlobDevice source = source(before);
        for (SetMember member : members.wanted(blobId)) {
            CopyState state = before.copies().get(member.deviceId());
            BlobDevice log = member.log();
            boolean wanted = state == CopyState.MISSING || state == CopyState.DAMAGED;
            if (!wanted || log == null) {
                continue;
            }
            if (source == null) {
                listener.on(
                        new DeviceEvent.RepairFailed(
                                member.deviceId(), blobId, "no good copy can be read"));
            } else if (copy(source, log, blobId)) {
                after.put(member.deviceId(), CopyState.GOOD);
            }
        }
        return new BlobVerification(blobId, after);
    }

    private @Nullable BlobDevice source(BlobVerification copies) {
        for (Map.Entry<Integer, CopyState> copy : copies.copies().entrySet()) {
            if (copy.getValue() == CopyState.GOOD) {
                return members.require(copy.getKey()).log();
            }
        }
        return null;
    }

    private boolean copy(BlobDevice source, BlobDevice target, BlobId blobId) {
        try {
            if (transfer(source, target, blobId, pacer) < 0) {
                return false;
            }
            listener.on(new DeviceEvent.CopyRepaired(target.deviceId(), blobId));
            return true;
        } catch (DeviceException | CompletionException e) {
            listener.on(
                    new DeviceEvent.RepairFailed(
                            target.deviceId(), blobId, String.valueOf(e.getMessage())));
            return false;
        }
    }

    /** Returns the bytes copied, -1 when the blob is being deleted or gone from the source. */
    private int transfer(BlobDevice source, BlobDevice target, BlobId blobId, Pacer pace) {
        int length = source.lengthBytes(blobId);
        if (length < 0) {
            return -1;
        }
        byte[] tag = reader.ownerTag(source, blobId);
        BlobPayload payload = BlobPayload.of(readWhole(source, blobId, length, pace));
        long began = System.nanoTime();
        write(target, blobId, payload, tag);
        pace.moved(target.deviceId(), 0, System.nanoTime() - began);
        if (Boolean.TRUE.equals(overtaken.get(blobId))) {
            target.delete(blobId).join();
            return -1;
        }
        return length;
    }

    /** What {@link #bringHome} did. */
    record Homecoming(int copied, long copiedBytes, int dropped, int failures) {
        static final Homecoming NOTHING = new Homecoming(0, 0, 0, 0);

        /** The blob is under repair: it is to be looked at again afterwards. */
        static final Homecoming BUSY = new Homecoming(0, 0, 0, 0);
    }

    /**
     * Copies a blob to each device of home that is up and lacks it. Once every device of home is up
     * and has it, each copy there is read and compared with its checksums, and only then copies
     * elsewhere are dropped; none is while the map names fewer devices than copies are wanted.
     */
    Homecoming bringHome(BlobId blobId, int copies, Pacer pace) {
        if (overtaken.putIfAbsent(blobId, false) != null) {
            return Homecoming.BUSY;
        }
        try {
            if (isBeingDeleted(blobId)) {
                return Homecoming.NOTHING;
            }
            PoolPlacement placement = members.placement();
            int[] home = placement.home(placement.groupOf(blobId.high(), blobId.low()));
            int copied = 0;
            long copiedBytes = 0;
            int failures = 0;
            for (SetMember member : members.members(home)) {
                BlobDevice log = member.log();
                if (log == null || !member.up() || member.holds(blobId)) {
                    continue;
                }
                int length = transferFromAny(log, blobId, pace);
                copied += length >= 0 ? 1 : 0;
                copiedBytes += Math.max(0, length);
                failures += length == FAILED ? 1 : 0;
            }
            int dropped = 0;
            boolean mayDrop = failures == 0 && placement.epoch() == members.placement().epoch();
            if (mayDrop && isAtHome(blobId, home, copies, pace)) {
                dropped = dropElsewhere(blobId, home);
            }
            return new Homecoming(copied, copiedBytes, dropped, failures);
        } finally {
            overtaken.remove(blobId);
        }
    }

    /** As {@link #transfer}; {@link #FAILED} when no copy could be read or the target failed. */
    private int transferFromAny(BlobDevice target, BlobId blobId, Pacer pace) {
        String reason = "no copy is left";
        for (BlobDevice source : members.holders(blobId).logs()) {
            try {
                return transfer(source, target, blobId, pace);
            } catch (DeviceException | CompletionException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        if (isBeingDeleted(blobId) || members.holders(blobId).logs().isEmpty()) {
            return -1;
        }
        listener.on(new DeviceEvent.RepairFailed(target.deviceId(), blobId, reason));
        return FAILED;
    }

    /** Whether it may be dropped elsewhere; looks at bytes only if there is anything to drop. */
    private boolean isAtHome(BlobId blobId, int[] home, int copies, Pacer pace) {
        List<SetMember> there = members.members(home);
        if (there.size() < copies || there.size() < home.length || !isElsewhere(blobId, home)) {
            return false;
        }
        for (SetMember member : there) {
            BlobDevice log = member.log();
            CopyState state = state(member, blobId, pace);
            if (state == CopyState.DAMAGED && log != null) {
                transferFromAny(log, blobId, pace);
                state = state(member, blobId, pace);
            }
            if (state != CopyState.GOOD) {
                return false;
            }
        }
        return true;
    }

    private boolean isElsewhere(BlobId blobId, int[] home) {
        for (SetMember member : members.all()) {
            if (member.up()
                    && member.holds(blobId)
                    && !GroupView.contains(home, member.deviceId())) {
                return true;
            }
        }
        return false;
    }

    private int dropElsewhere(BlobId blobId, int[] home) {
        int dropped = 0;
        for (SetMember member : members.all()) {
            BlobDevice log = member.log();
            boolean elsewhere = !GroupView.contains(home, member.deviceId());
            if (log != null && member.up() && elsewhere && member.holds(blobId)) {
                try {
                    dropped += log.dropCopy(blobId).join() ? 1 : 0;
                } catch (CompletionException e) {
                    // It failed just now; when it is back the copy is dropped then.
                    continue;
                }
            }
        }
        return dropped;
    }

    private static void write(BlobDevice target, BlobId blobId, BlobPayload payload, byte[] tag) {
        if (!target.setAside(payload.lengthBytes(), tag.length)) {
            throw new DeviceFullException("device " + target.deviceId() + " is full");
        }
        CompletableFuture<Void> written = new CompletableFuture<>();
        target.write(
                blobId,
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
