package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

class PlacementMapTest {
    private static final PlacementGroups GROUPS = new PlacementGroups(128, 3);

    private final CrushMap map = RandomMaps.cluster(new Random(11), 6, false);
    private final PlacementMap placement =
            new PlacementMap(7, map, ClusterLayout.RULE_ID, 3, Reweights.NONE, GROUPS);

    @Test
    void blobsOfAGroupShareOneSet() {
        ReplicaSet set = placement.of(1, 2);
        int group = GROUPS.groupOf(1, 2);
        assertSame(set, placement.of(1, 2));
        assertSame(set, placement.ofGroup(group));
        assertEquals(new ReplicaSet(map.map(0, GROUPS.input(group), 3, Reweights.NONE, 3)), set);
    }

    @Test
    void namesTheGroupsThatAChangeTouches() {
        int out = placement.ofGroup(5).device(0);
        PlacementMap changed = new PlacementMap(8, map, 0, 3, Reweights.NONE.with(out, 0), GROUPS);
        int[] differ = changed.groupsThatDiffer(placement).toArray();
        assertTrue(differ.length > 0 && differ.length < GROUPS.count());
        for (int group = 0; group < GROUPS.count(); group++) {
            assertFalse(changed.ofGroup(group).contains(out));
        }
        for (int group : differ) {
            assertTrue(placement.ofGroup(group).contains(out), "group " + group);
        }
    }

    @Test
    void refusesARuleThatTheMapLacks() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlacementMap(1, map, 9, 3, Reweights.NONE, GROUPS));
    }

    @Test
    void presentLeavesOutHoles() {
        ReplicaSet set = new ReplicaSet(new int[] {4, CrushMap.NONE, 2});
        assertEquals(3, set.size());
        assertEquals(2, set.present().length);
        assertEquals(2, set.present()[1]);
        assertTrue(set.contains(2));
        assertFalse(set.contains(3));
    }
}
