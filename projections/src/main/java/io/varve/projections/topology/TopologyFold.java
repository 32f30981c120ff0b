package io.varve.projections.topology;

import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.projections.KeyOrder;
import io.varve.projections.RowChange;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;
import io.varve.projections.topology.TopologyRows.PlacedMap;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Applies topology changes. A refused one leaves everything as it was; one that changes nothing
 * leaves the epoch. Single-threaded: owned by the fold of the namespace, in whose batch the rows
 * are written.
 */
public final class TopologyFold {
    private final ViewBatch batch;
    private List<RowChange> changes = new ArrayList<>();

    /** Numbers of pools that take no blobs; null when it has to be read again. */
    private @Nullable Set<Integer> shut;

    public TopologyFold(ViewBatch batch) {
        this.batch = batch;
    }

    /** The rows changed since the last call, in order. */
    public List<RowChange> settle() {
        List<RowChange> settled = changes;
        if (!settled.isEmpty()) {
            changes = new ArrayList<>();
        }
        return settled;
    }

    /** Why the change does not take effect; null when it did. */
    public @Nullable TopologyRefusal apply(TopologyChange change, JournalRecord record) {
        return switch (change) {
            case ChangePlacementMap map -> change(map);
            case PutDevice put -> put(put, record);
            case SetDeviceState set -> set(set, record);
            case RemoveDevice remove -> remove(remove);
            case PutPool put -> put(put, record);
            case RemovePool remove -> remove(remove);
        };
    }

    private @Nullable TopologyRefusal change(ChangePlacementMap change) {
        byte[] key = TopologyKeys.of(TopologyKeys.MAP);
        PlacedMap before = find(key, TopologyRows::map);
        if (change.expectedEpoch() != (before == null ? 0 : before.epoch())) {
            return TopologyRefusal.CHANGED_MEANWHILE;
        }
        if (before == null || !before.text().equals(change.map())) {
            store(key, TopologyRows.of(new PlacedMap(nextEpoch(), change.map())));
        }
        return null;
    }

    private @Nullable TopologyRefusal put(PutDevice put, JournalRecord record) {
        byte[] key = TopologyKeys.of(TopologyKeys.DEVICE, put.id());
        Device before = find(key, TopologyRows::device);
        TopologyRefusal refusal =
                based(
                        put.basedOn(),
                        before == null ? 0 : before.position(),
                        TopologyRefusal.NO_SUCH_DEVICE,
                        TopologyRefusal.DEVICE_EXISTS);
        if (refusal != null) {
            return refusal;
        }
        long now = record.timeMicros();
        Device.State state =
                before == null
                        ? new Device.State(
                                Reach.DOWN,
                                Membership.IN,
                                TopologyChange.FULL_SHARE,
                                false,
                                "",
                                now,
                                now)
                        : before.state();
        long added = before == null ? now : before.addedMicros();
        nextEpoch();
        store(key, TopologyRows.of(new Device(put, state, added, record.position())));
        return null;
    }

    private @Nullable TopologyRefusal set(SetDeviceState set, JournalRecord record) {
        byte[] key = TopologyKeys.of(TopologyKeys.DEVICE, set.id());
        Device before = find(key, TopologyRows::device);
        if (before == null) {
            return TopologyRefusal.NO_SUCH_DEVICE;
        }
        Device.State state = after(before.state(), set, record.timeMicros());
        if (!state.equals(before.state())) {
            nextEpoch();
            store(
                    key,
                    TopologyRows.of(
                            new Device(
                                    before.put(), state, before.addedMicros(), before.position())));
        }
        return null;
    }

    /** Who says again that a device is out makes that theirs: so automatic is of the last word. */
    private static Device.State after(Device.State before, SetDeviceState set, long now) {
        Reach reach = Objects.requireNonNullElse(set.reach(), before.reach());
        Membership membership = Objects.requireNonNullElse(set.membership(), before.membership());
        return new Device.State(
                reach,
                membership,
                Objects.requireNonNullElse(set.share(), before.share()),
                set.membership() == null ? before.automatic() : set.automatic(),
                set.reason(),
                reach == before.reach() ? before.reachMicros() : now,
                membership == before.membership() ? before.membershipMicros() : now);
    }

    private @Nullable TopologyRefusal remove(RemoveDevice remove) {
        byte[] key = TopologyKeys.of(TopologyKeys.DEVICE, remove.id());
        Device before = find(key, TopologyRows::device);
        if (before == null) {
            return TopologyRefusal.NO_SUCH_DEVICE;
        }
        if (before.in()) {
            return TopologyRefusal.DEVICE_IN;
        }
        nextEpoch();
        remove(key);
        return null;
    }

    private @Nullable TopologyRefusal put(PutPool put, JournalRecord record) {
        byte[] key = TopologyKeys.of(TopologyKeys.POOL, put.id());
        Pool before = find(key, TopologyRows::pool);
        TopologyRefusal refusal =
                based(
                        put.basedOn(),
                        before == null ? 0 : before.position(),
                        TopologyRefusal.NO_SUCH_POOL,
                        TopologyRefusal.POOL_EXISTS);
        if (refusal != null) {
            return refusal;
        }
        if (before == null && batch.get(removed(put.id())) != null) {
            return TopologyRefusal.POOL_REMOVED;
        }
        if (put.id() == Pool.DEFAULT_ID && put.options().closed()) {
            return TopologyRefusal.DEFAULT_POOL;
        }
        if (before != null && !compatible(before.scheme(), put.scheme())) {
            return TopologyRefusal.SCHEME_FIXED;
        }
        List<String> names = names(put);
        for (String name : names) {
            Long holder = find(TopologyKeys.poolName(name), TopologyRows::number);
            if (holder != null && holder != put.id()) {
                return TopologyRefusal.NAME_TAKEN;
            }
        }
        if (before != null) {
            names(before.put()).stream()
                    .filter(former -> !names.contains(former))
                    .forEach(former -> remove(TopologyKeys.poolName(former)));
        }
        long added = before == null ? record.timeMicros() : before.addedMicros();
        nextEpoch();
        names.forEach(name -> store(TopologyKeys.poolName(name), TopologyRows.ofNumber(put.id())));
        store(key, TopologyRows.of(new Pool(put, added, record.position())));
        shut = null;
        return null;
    }

    /** All of which no other pool may have one. */
    private static List<String> names(PutPool put) {
        return Stream.concat(Stream.of(put.name()), put.options().otherNames().stream())
                .distinct()
                .toList();
    }

    private static byte[] removed(int poolId) {
        return TopologyKeys.of(TopologyKeys.REMOVED_POOL, poolId);
    }

    private @Nullable TopologyRefusal remove(RemovePool remove) {
        byte[] key = TopologyKeys.of(TopologyKeys.POOL, remove.id());
        Pool before = find(key, TopologyRows::pool);
        if (before == null) {
            return TopologyRefusal.NO_SUCH_POOL;
        }
        if (before.position() != remove.basedOn()) {
            return TopologyRefusal.CHANGED_MEANWHILE;
        }
        if (before.id() == Pool.DEFAULT_ID) {
            return TopologyRefusal.DEFAULT_POOL;
        }
        if (!before.closed()) {
            return TopologyRefusal.POOL_OPEN;
        }
        nextEpoch();
        names(before.put()).forEach(name -> remove(TopologyKeys.poolName(name)));
        remove(key);
        store(removed(remove.id()), TopologyRows.ofNumber(before.position()));
        shut = null;
        return null;
    }

    /** Whether what a record brings to the pool is refused: it is closed, or was removed. */
    public boolean isShut(int poolId) {
        Set<Integer> known = shut;
        if (known == null) {
            known = readShut();
            shut = known;
        }
        return known.contains(poolId);
    }

    private Set<Integer> readShut() {
        Set<Integer> found = new HashSet<>();
        byte[] pools = TopologyKeys.of(TopologyKeys.POOL);
        try (ViewCursor cursor = batch.scan(pools, KeyOrder.afterPrefix(pools))) {
            for (; cursor.valid(); cursor.next()) {
                if (TopologyRows.pool(cursor.value()).closed()) {
                    found.add(TopologyKeys.id(cursor.key()));
                }
            }
        }
        byte[] removed = TopologyKeys.of(TopologyKeys.REMOVED_POOL);
        try (ViewCursor cursor = batch.scan(removed, KeyOrder.afterPrefix(removed))) {
            for (; cursor.valid(); cursor.next()) {
                found.add(TopologyKeys.id(cursor.key()));
            }
        }
        return found;
    }

    private static boolean compatible(PoolScheme before, PoolScheme after) {
        boolean bothCopies =
                before instanceof PoolScheme.Copies && after instanceof PoolScheme.Copies;
        return bothCopies || before.equals(after);
    }

    /**
     * @param position of what is there; 0 when there is nothing
     */
    private static @Nullable TopologyRefusal based(
            long basedOn, long position, TopologyRefusal absent, TopologyRefusal present) {
        if (position == basedOn) {
            return null;
        }
        if (basedOn == 0) {
            return present;
        }
        return position == 0 ? absent : TopologyRefusal.CHANGED_MEANWHILE;
    }

    private long nextEpoch() {
        byte[] key = TopologyKeys.of(TopologyKeys.EPOCH);
        Long before = find(key, TopologyRows::number);
        long epoch = before == null ? 1 : before + 1;
        store(key, TopologyRows.ofNumber(epoch));
        return epoch;
    }

    private <T> @Nullable T find(byte[] key, Function<byte[], T> form) {
        byte[] value = batch.get(key);
        return value == null ? null : form.apply(value);
    }

    private void remove(byte[] key) {
        batch.delete(key);
        changes.add(new RowChange(key, null));
    }

    private void store(byte[] key, byte[] value) {
        batch.put(key, value);
        changes.add(new RowChange(key, value));
    }
}
