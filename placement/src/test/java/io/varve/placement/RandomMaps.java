package io.varve.placement;

import org.jspecify.annotations.Nullable;

import java.util.Random;

/** Seeded clusters of a believable shape. */
final class RandomMaps {
    private static final @Nullable String[] CLASSES = {"hdd", "ssd", "nvme", null};

    private RandomMaps() {}

    /** Hosts of one to five devices, in racks or not, straw2 throughout. */
    static CrushMap cluster(Random random, int hosts, boolean equalWeights) {
        ClusterLayout layout = new ClusterLayout();
        boolean racks = random.nextBoolean();
        int device = 0;
        for (int host = 0; host < hosts; host++) {
            String rack = racks ? "rack-" + host % 3 : null;
            int devices = equalWeights ? 3 : 1 + random.nextInt(5);
            for (int i = 0; i < devices; i++) {
                Weight weight =
                        equalWeights ? Weight.ONE : Weight.of(0.5 + random.nextInt(12) * 0.91);
                CrushDevice added =
                        new CrushDevice(
                                device, "osd." + device, CLASSES[random.nextInt(CLASSES.length)]);
                layout.device(added, weight, "host-" + host, rack);
                device += random.nextInt(8) == 0 ? 2 : 1;
            }
        }
        return layout.build();
    }

    /** The same with another selection kind everywhere. */
    static CrushMap withKind(CrushMap map, SelectionKind kind) {
        CrushMapBuilder builder = CrushMap.builder().tunables(map.tunables());
        map.types().forEach(builder::type);
        map.devices().forEach(builder::device);
        map.domains()
                .forEach(
                        domain ->
                                builder.domain(
                                        new FailureDomain(
                                                domain.id(),
                                                domain.name(),
                                                domain.typeId(),
                                                kind,
                                                domain.items(),
                                                domain.shadowIds())));
        map.rules().forEach(builder::rule);
        return builder.build();
    }

    /** The map with one more rule. */
    static CrushMap with(CrushMap map, CrushRule rule) {
        return map.toBuilder().rule(rule).build();
    }
}
