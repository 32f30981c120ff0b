package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

class CrushMapEditTest {
    @Test
    void existingIdsStayWhenHostsComeAndGo() {
        Seeds.each(
                20,
                random -> {
                    CrushMap before = RandomMaps.cluster(random, 6, false);
                    CrushMap after =
                            new MapChange.Remove("host-2")
                                    .applyTo(new MapChange.AddLike("host-4").applyTo(before));
                    for (FailureDomain domain : before.domains()) {
                        Optional<FailureDomain> now = after.domain(domain.name());
                        assertEquals(domain.name().equals("host-2"), now.isEmpty());
                        now.ifPresent(
                                kept -> {
                                    assertEquals(domain.id(), kept.id());
                                    assertEquals(domain.shadowIds(), kept.shadowIds());
                                });
                    }
                });
    }

    @Test
    void weightsAddUpToTheRoot() {
        Seeds.each(
                20,
                random -> {
                    CrushMap before = RandomMaps.cluster(random, 6, false);
                    CrushMap after =
                            new CrushMapEdit(before)
                                    .remove("host-1")
                                    .addDomain("rack-x", ClusterLayout.RACK_TYPE, "default")
                                    .addDomain("host-x", ClusterLayout.HOST_TYPE, "rack-x")
                                    .addDevice(
                                            new CrushDevice(500, "osd.500", null),
                                            Weight.of(3.25),
                                            "host-x")
                                    .setWeight("osd.500", Weight.of(7.5))
                                    .apply();
                    for (FailureDomain domain : after.domains()) {
                        for (FailureDomain.Item item : domain.items()) {
                            after.domains().stream()
                                    .filter(child -> child.id() == item.id())
                                    .forEach(child -> assertEquals(child.weight(), item.weight()));
                        }
                    }
                });
    }

    @Test
    void removingADomainRemovesWhatStandsNowhereElse() {
        CrushMap before = RandomMaps.cluster(new Random(4), 5, true);
        CrushMap after = new MapChange.Remove("host-0").applyTo(before);
        assertEquals(before.devices().size() - 3, after.devices().size());
        assertThrows(
                CrushMapException.class, () -> new MapChange.Remove("default").applyTo(before));
    }

    @Test
    void aWeightOfZeroMapsLikeARemoval() {
        CrushMap map = RandomMaps.cluster(new Random(6), 6, false);
        CrushDevice device = map.devices().get(4);
        CrushMap weightless = new CrushMapEdit(map).setWeight(device.name(), Weight.ZERO).apply();
        CrushMap removed = new MapChange.Remove(device.name()).applyTo(map);
        for (int x = 0; x < 500; x++) {
            assertEquals(
                    new ReplicaSet(removed.map(0, x, 3, Reweights.NONE)),
                    new ReplicaSet(weightless.map(0, x, 3, Reweights.NONE)));
        }
    }

    @Test
    void weightSetsOfChangedDomainsAreDropped() {
        CrushMap plain = RandomMaps.cluster(new Random(7), 4, true);
        WeightSet.Substitute three =
                new WeightSet.Substitute(
                        List.of(List.of(Weight.ONE, Weight.ONE, Weight.ONE)), List.of());
        int host0 = plain.domain("host-0").orElseThrow().id();
        int host1 = plain.domain("host-1").orElseThrow().id();
        CrushMap map =
                plain.toBuilder()
                        .weightSet(
                                new WeightSet(0, new TreeMap<>(Map.of(host0, three, host1, three))))
                        .build();
        CrushMap after = new MapChange.AddDevice("host-0", Weight.ONE, null).applyTo(map);
        assertEquals(Map.of(host1, three), after.weightSets().getFirst().substitutes());
    }

    @Test
    void namesWhatIsInTheWay() {
        CrushMapEdit edit = new CrushMapEdit(RandomMaps.cluster(new Random(8), 3, true));
        CrushDevice taken = new CrushDevice(900, "osd.0", null);
        assertProblem("name is taken", () -> edit.addDevice(taken, Weight.ONE, "host-0"));
        assertProblem("is not defined", () -> edit.remove("nothing"));
        assertProblem("is a device", () -> edit.addDomain("x", 1, "osd.0"));
    }

    private static void assertProblem(String problem, Runnable action) {
        CrushMapException e = assertThrows(CrushMapException.class, action::run);
        assertTrue(e.toString().contains(problem), e.toString());
    }
}
