package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

class PlacementPropertiesTest {
    private static final int INPUTS = 500;
    private static final int FRAGMENTS_RULE = 1;

    @Test
    void copiesAreOnDifferentDevicesOfDifferentHosts() {
        Seeds.each(
                30,
                random -> {
                    CrushMap map = RandomMaps.cluster(random, 4 + random.nextInt(8), false);
                    SelectionKind[] kinds = SelectionKind.values();
                    SelectionKind kind = kinds[1 + random.nextInt(kinds.length - 1)];
                    checkDistinct(RandomMaps.withKind(map, kind), 1 + random.nextInt(4));
                });
    }

    private static void checkDistinct(CrushMap map, int replicas) {
        Map<Integer, Integer> hostByDevice = hostByDevice(map);
        for (int x = 0; x < INPUTS; x++) {
            int[] devices = map.map(ClusterLayout.RULE_ID, x, replicas, Reweights.NONE);
            assertEquals(replicas, devices.length, "x=" + x);
            assertEquals(replicas, Arrays.stream(devices).distinct().count(), "x=" + x);
            long hosts = Arrays.stream(devices).map(hostByDevice::get).distinct().count();
            assertEquals(replicas, hosts, "x=" + x);
        }
    }

    @Test
    void askingForMoreCopiesThanHostsGivesAsManyAsThereAreHosts() {
        CrushMap map = RandomMaps.cluster(new Random(1), 3, true);
        for (int x = 0; x < INPUTS; x++) {
            assertEquals(3, map.map(ClusterLayout.RULE_ID, x, 5, Reweights.NONE).length);
        }
    }

    @Test
    void fragmentsKeepTheirPlacesWhenADeviceGoesOut() {
        Seeds.each(
                20,
                random -> {
                    CrushMap map = fragments(RandomMaps.cluster(random, 10, false));
                    int out = map.devices().get(random.nextInt(map.devices().size())).id();
                    Reweights without = Reweights.NONE.with(out, 0);
                    int others = 0;
                    int moved = 0;
                    for (int x = 0; x < INPUTS; x++) {
                        int[] before = map.map(FRAGMENTS_RULE, x, 6, Reweights.NONE);
                        int[] after = map.map(FRAGMENTS_RULE, x, 6, without);
                        assertEquals(before.length, after.length);
                        for (int place = 0; place < before.length; place++) {
                            assertNotEquals(out, after[place]);
                            if (before[place] != out) {
                                others++;
                                moved += before[place] == after[place] ? 0 : 1;
                            }
                        }
                    }
                    // A replacement may take what a later attempt of another place would have.
                    assertTrue(moved < others * 0.01, moved + " of " + others);
                });
    }

    @Test
    void fragmentsThatCannotBePlacedAreHoles() {
        CrushMap map = fragments(RandomMaps.cluster(new Random(2), 4, true));
        for (int x = 0; x < INPUTS; x++) {
            int[] devices = map.map(FRAGMENTS_RULE, x, 6, Reweights.NONE);
            assertEquals(6, devices.length);
            assertEquals(2, Arrays.stream(devices).filter(d -> d == CrushMap.NONE).count());
        }
    }

    @Test
    void aDeviceThatJoinsOnlyTakes() {
        Seeds.each(
                20,
                random -> {
                    CrushMap before = oneHost(random, 3 + random.nextInt(20));
                    MapChange join = new MapChange.AddDevice("h", Weight.of(2.5), null);
                    CrushMap after = join.applyTo(before);
                    int joined = new CrushMapEdit(before).freeDeviceId();
                    for (int x = 0; x < INPUTS; x++) {
                        int old = before.map(0, x, 1, Reweights.NONE)[0];
                        int now = after.map(0, x, 1, Reweights.NONE)[0];
                        assertTrue(now == old || now == joined, "x=" + x);
                    }
                });
    }

    @Test
    void aDeviceThatLeavesOnlyGives() {
        Seeds.each(
                20,
                random -> {
                    CrushMap before = oneHost(random, 3 + random.nextInt(20));
                    CrushMap after = new MapChange.Remove("osd.1").applyTo(before);
                    for (int x = 0; x < INPUTS; x++) {
                        int old = before.map(0, x, 1, Reweights.NONE)[0];
                        int now = after.map(0, x, 1, Reweights.NONE)[0];
                        assertTrue(now == old || old == 1, "x=" + x);
                    }
                });
    }

    @Test
    void reweightKeepsItsShareAndMovesTheRest() {
        CrushMap map = oneHost(new Random(3), 10);
        Reweights half = Reweights.NONE.with(4, 0.5);
        int kept = 0;
        int had = 0;
        for (int x = 0; x < 20_000; x++) {
            int old = map.map(0, x, 1, Reweights.NONE)[0];
            int now = map.map(0, x, 1, half)[0];
            if (old == 4) {
                had++;
                kept += now == 4 ? 1 : 0;
            } else {
                assertEquals(old, now, "x=" + x);
            }
        }
        assertEquals(0.5, kept / (double) had, 0.05);
    }

    @Test
    void anyThreadComputesTheSame() {
        CrushMap map = CrushText.parse(KnownMaps.load("0006").text());
        int[][] serial =
                IntStream.range(0, INPUTS)
                        .mapToObj(x -> map.map(0, x, 3, Reweights.NONE))
                        .toArray(int[][]::new);
        int[][] parallel =
                IntStream.range(0, INPUTS)
                        .parallel()
                        .mapToObj(x -> map.map(0, x, 3, Reweights.NONE))
                        .toArray(int[][]::new);
        assertArrayEquals(serial, parallel);
    }

    private static CrushMap fragments(CrushMap map) {
        return RandomMaps.with(
                map,
                ClusterLayout.fragments(
                        FRAGMENTS_RULE, "fragments", -1, null, ClusterLayout.HOST_TYPE));
    }

    private static CrushMap oneHost(Random random, int devices) {
        ClusterLayout layout = new ClusterLayout();
        for (int id = 0; id < devices; id++) {
            Weight weight = Weight.of(0.5 + random.nextInt(8));
            layout.device(new CrushDevice(id, "osd." + id, null), weight, "h");
        }
        return layout.build();
    }

    private static Map<Integer, Integer> hostByDevice(CrushMap map) {
        Map<Integer, Integer> hosts = new HashMap<>();
        for (FailureDomain domain : map.domains()) {
            if (domain.typeId() == ClusterLayout.HOST_TYPE) {
                List<FailureDomain.Item> items = domain.items();
                items.forEach(item -> hosts.put(item.id(), domain.id()));
            }
        }
        return hosts;
    }
}
