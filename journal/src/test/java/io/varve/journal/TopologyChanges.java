package io.varve.journal;

import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.Reach;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Complete topology changes of every type. */
final class TopologyChanges {
    static final int TYPES = 6;

    private static final String[] NAMES = {"host1", "rack-2", "STANDARD", "ü", "nvme", "a b"};

    private final SplittableRandom random;

    TopologyChanges(SplittableRandom random) {
        this.random = random;
    }

    TopologyChange change(int type) {
        return switch (type) {
            case 0 -> new TopologyChange.ChangePlacementMap(base(), "# begin crush map\n" + id());
            case 1 ->
                    new TopologyChange.PutDevice(
                            id(),
                            flag()
                                    ? TopologyChange.NO_UUID
                                    : new UUID(random.nextLong(), random.nextLong()),
                            name(),
                            note(),
                            note(),
                            name(),
                            random.nextLong(1L << 32),
                            "devices/" + name(),
                            base(),
                            base());
            case 2 -> state();
            case 3 -> new TopologyChange.RemoveDevice(id());
            case 4 -> pool();
            case 5 -> new TopologyChange.RemovePool(random.nextInt(1 << 16), 1 + base());
            default -> throw new IllegalArgumentException("no such type: " + type);
        };
    }

    private TopologyChange state() {
        Reach reach = maybe(Reach.values());
        Membership membership = maybe(Membership.values());
        Integer share =
                flag() || (reach == null && membership == null)
                        ? random.nextInt(TopologyChange.FULL_SHARE + 1)
                        : null;
        return new TopologyChange.SetDeviceState(id(), reach, membership, share, flag(), note());
    }

    private TopologyChange pool() {
        PoolScheme scheme =
                flag()
                        ? new PoolScheme.Copies(1 + random.nextInt(5))
                        : new PoolScheme.Fragments(1 + random.nextInt(10), 1 + random.nextInt(4));
        return new TopologyChange.PutPool(
                random.nextInt(1 << 16),
                name(),
                name(),
                scheme,
                1 + random.nextInt(scheme.width()),
                note(),
                note(),
                flag()
                        ? PoolOptions.NONE
                        : new PoolOptions(
                                flag() ? List.of() : List.of(name(), name()),
                                flag() ? null : random.nextInt(64 << 20),
                                flag()),
                base());
    }

    private int id() {
        return random.nextInt(1 << 20);
    }

    private String name() {
        return NAMES[random.nextInt(NAMES.length)] + random.nextInt(10);
    }

    private String note() {
        return flag() ? "" : name();
    }

    private boolean flag() {
        return random.nextBoolean();
    }

    private long base() {
        return random.nextLong(1L << 50);
    }

    private <T> @Nullable T maybe(T[] values) {
        int index = random.nextInt(values.length + 1);
        return index == values.length ? null : values[index];
    }
}
