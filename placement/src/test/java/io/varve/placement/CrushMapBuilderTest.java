package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class CrushMapBuilderTest {
    private static final Weight HEAVY = Weight.of(60000);

    private final CrushMapBuilder builder =
            CrushMap.builder()
                    .type(new ItemType(0, "osd"))
                    .type(new ItemType(1, "host"))
                    .device(new CrushDevice(0, "osd.0", null))
                    .device(new CrushDevice(1, "osd.1", null));

    @Test
    void refusesADomainThatContainsItself() {
        builder.domain(domain(-1, "a", SelectionKind.STRAW2, item(-2, Weight.ONE)));
        builder.domain(domain(-2, "b", SelectionKind.STRAW2, item(-1, Weight.ONE)));
        assertRefused("contains itself", builder::build);
    }

    @Test
    void refusesATreeThatIsTooDeep() {
        for (int i = 1; i <= CrushMapBuilder.DEPTH_MAX + 1; i++) {
            builder.domain(domain(-i, "d" + i, SelectionKind.STRAW2, item(-i - 1, Weight.ONE)));
        }
        int last = -CrushMapBuilder.DEPTH_MAX - 2;
        builder.domain(domain(last, "last", SelectionKind.STRAW2));
        assertRefused("too deep", builder::build);
    }

    @Test
    void refusesItemsThatDoNotExist() {
        builder.domain(domain(-1, "a", SelectionKind.STRAW2, item(7, Weight.ONE)));
        assertRefused("item 7 is not defined", builder::build);
    }

    @Test
    void refusesWeightsThatOverflow() {
        assertRefused(
                "65536 or more",
                () ->
                        builder.domain(
                                domain(
                                        -1,
                                        "a",
                                        SelectionKind.STRAW2,
                                        item(0, HEAVY),
                                        item(1, HEAVY))));
    }

    @Test
    void refusesUnequalWeightsInAUniformDomain() {
        assertRefused(
                "equal weights",
                () ->
                        builder.domain(
                                domain(
                                        -1,
                                        "a",
                                        SelectionKind.UNIFORM,
                                        item(0, HEAVY),
                                        item(1, Weight.ONE))));
    }

    @Test
    void refusesATreeDomainThatIsTooLarge() {
        FailureDomain.Item[] items = new FailureDomain.Item[CrushMapBuilder.TREE_ITEMS_MAX + 1];
        java.util.Arrays.fill(items, item(0, Weight.ONE));
        assertRefused(
                "at most 64 items",
                () -> builder.domain(domain(-1, "a", SelectionKind.TREE, items)));
    }

    @Test
    void refusesWeightsThatItsTextWouldNotHold() {
        Weight fine = new Weight((1L << 24) + 1);
        builder.domain(domain(-1, "a", SelectionKind.STRAW2, item(0, fine)));
        assertRefused("more digits", builder::build);
    }

    @Test
    void refusesWeightSetsOfTheWrongSize() {
        builder.domain(domain(-1, "a", SelectionKind.STRAW2, item(0, Weight.ONE)));
        WeightSet.Substitute two =
                new WeightSet.Substitute(List.of(List.of(Weight.ONE, Weight.ONE)), List.of());
        builder.weightSet(new WeightSet(0, new TreeMap<>(Map.of(-1, two))));
        assertRefused("needs 1 weights in a row, not 2", builder::build);
    }

    @Test
    void refusesARuleThatTakesNothing() {
        builder.rule(ClusterLayout.copies(0, "r", -9, null, 1));
        assertRefused("takes item -9, which is not defined", builder::build);
    }

    @Test
    void refusesUnknownRulesAndSillyCounts() {
        CrushMap map = RandomMaps.cluster(new java.util.Random(1), 3, true);
        assertThrows(IllegalArgumentException.class, () -> map.map(7, 0, 3, Reweights.NONE));
        assertThrows(IllegalArgumentException.class, () -> map.map(0, 0, 0, Reweights.NONE));
        assertThrows(
                IllegalArgumentException.class,
                () -> map.map(0, 0, CrushMap.REPLICAS_MAX + 1, Reweights.NONE));
    }

    @Test
    void aWeightSetOfThePoolComesBeforeTheDefaultOne() {
        builder.domain(
                domain(-1, "a", SelectionKind.STRAW2, item(0, Weight.ONE), item(1, Weight.ONE)));
        builder.rule(
                new CrushRule(
                        0,
                        "r",
                        1,
                        java.util.OptionalInt.empty(),
                        java.util.OptionalInt.empty(),
                        List.of(
                                new RuleStep.Take(-1, null),
                                new RuleStep.Choose(RuleStep.Mode.FIRSTN, false, 0, 0),
                                new RuleStep.Emit())));
        builder.weightSet(only(WeightSet.DEFAULT, 0));
        builder.weightSet(only(5, 1));
        CrushMap map = builder.build();
        for (int x = 0; x < 50; x++) {
            assertEquals(0, map.map(0, x, 1, Reweights.NONE)[0]);
            assertEquals(0, map.map(0, x, 1, Reweights.NONE, 4)[0]);
            assertEquals(1, map.map(0, x, 1, Reweights.NONE, 5)[0]);
        }
    }

    @Test
    void mapsThatSayTheSameAreEqual() {
        CrushMap map = RandomMaps.cluster(new java.util.Random(5), 6, false);
        assertEquals(map, map.toBuilder().build());
        assertEquals(map.hashCode(), map.toBuilder().build().hashCode());
        assertNotEquals(map, map.toBuilder().tunables(Tunables.ARGONAUT).build());
    }

    /** A weight set under which domain -1 always picks its item at an index. */
    private static WeightSet only(long poolId, int index) {
        List<Weight> row = new ArrayList<>(List.of(Weight.ZERO, Weight.ZERO));
        row.set(index, Weight.ONE);
        WeightSet.Substitute substitute = new WeightSet.Substitute(List.of(row), List.of());
        return new WeightSet(poolId, new TreeMap<>(Map.of(-1, substitute)));
    }

    private static void assertRefused(String problem, Runnable action) {
        CrushMapException e = assertThrows(CrushMapException.class, action::run);
        assertTrue(e.toString().contains(problem), e.toString());
    }

    private static FailureDomain.Item item(int id, Weight weight) {
        return new FailureDomain.Item(id, weight);
    }

    private static FailureDomain domain(
            int id, String name, SelectionKind kind, FailureDomain.Item... items) {
        return new FailureDomain(id, name, 1, kind, List.of(items), Map.of());
    }
}
