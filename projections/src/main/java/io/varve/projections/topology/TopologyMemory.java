package io.varve.projections.topology;

import io.varve.projections.KeyOrder;
import io.varve.projections.RowChange;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * The topology in memory, as of the last published batch: readers see a batch's changes all at
 * once. Safe for many threads; one of them publishes.
 */
public final class TopologyMemory implements TopologyView {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Topology current = Topology.NONE;

    /** Reads all rows of a store. */
    public static TopologyMemory load(ViewReader store) {
        TopologyMemory memory = new TopologyMemory();
        byte[] table = TopologyKeys.table();
        List<RowChange> rows = new ArrayList<>();
        try (ViewCursor cursor = store.scan(table, KeyOrder.afterPrefix(table))) {
            for (; cursor.valid(); cursor.next()) {
                rows.add(new RowChange(cursor.key(), cursor.value()));
            }
        }
        memory.publish(rows);
        return memory;
    }

    /** After a batch has been written and before anybody is told of its outcomes. */
    public void publish(List<RowChange> changes) {
        if (changes.isEmpty()) {
            return;
        }
        current = new Draft(current).with(changes);
        listeners.forEach(Runnable::run);
    }

    @Override
    public Topology current() {
        return current;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** The next image while it is put together. */
    private static final class Draft {
        private final SortedMap<Integer, Device> devices;
        private final SortedMap<Integer, Pool> pools;
        private final SortedSet<Integer> removedPools;
        private long epoch;
        private TopologyRows.PlacedMap map;

        Draft(Topology from) {
            devices = new TreeMap<>(from.devices());
            pools = new TreeMap<>(from.pools());
            removedPools = new TreeSet<>(from.removedPools());
            epoch = from.epoch();
            map = new TopologyRows.PlacedMap(from.mapEpoch(), from.map());
        }

        Topology with(List<RowChange> changes) {
            changes.forEach(this::add);
            return new Topology(epoch, map.epoch(), map.text(), devices, pools, removedPools);
        }

        private void add(RowChange row) {
            byte[] key = row.key();
            byte[] value = row.value();
            switch (TopologyKeys.kind(key)) {
                case TopologyKeys.EPOCH -> epoch = value == null ? 0 : TopologyRows.number(value);
                case TopologyKeys.MAP -> {
                    if (value != null) {
                        map = TopologyRows.map(value);
                    }
                }
                case TopologyKeys.DEVICE -> set(devices, row, TopologyRows::device);
                case TopologyKeys.POOL -> set(pools, row, TopologyRows::pool);
                case TopologyKeys.REMOVED_POOL -> removedPools.add(TopologyKeys.id(key));
                case TopologyKeys.POOL_NAME -> {
                    // For the fold: what it says is in the pool too.
                }
                default ->
                        throw new IllegalStateException(
                                "unknown topology row: " + TopologyKeys.describe(key));
            }
        }

        private static <T> void set(
                SortedMap<Integer, T> map, RowChange row, Function<byte[], T> form) {
            byte[] value = row.value();
            if (value == null) {
                map.remove(TopologyKeys.id(row.key()));
            } else {
                map.put(TopologyKeys.id(row.key()), form.apply(value));
            }
        }
    }
}
