package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PlacementGroupsTest {
    @Test
    void everyGroupIsUsedAboutEqually() {
        PlacementGroups groups = new PlacementGroups(64, 1);
        int[] counts = new int[64];
        for (long id = 0; id < 64_000; id++) {
            counts[groups.groupOf(0x1234_5678_9abcL, id)]++;
        }
        for (int count : counts) {
            assertEquals(1000, count, 200);
        }
    }

    @Test
    void oneMoreGroupSplitsOneGroup() {
        for (int count = 1; count < 300; count++) {
            int split = -1;
            for (int hash = 0; hash < 5000; hash++) {
                int before = PlacementGroups.stableModulo(hash * 0x9e37_79b9, count);
                int after = PlacementGroups.stableModulo(hash * 0x9e37_79b9, count + 1);
                assertTrue(after >= 0 && after <= count);
                if (before != after) {
                    assertEquals(count, after);
                    assertTrue(split == -1 || split == before);
                    split = before;
                }
            }
        }
    }

    @Test
    void poolsDiffer() {
        assertNotEquals(new PlacementGroups(8, 1).input(3), new PlacementGroups(8, 2).input(3));
    }

    @Test
    void countHasLimits() {
        assertThrows(IllegalArgumentException.class, () -> new PlacementGroups(0, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PlacementGroups(PlacementGroups.COUNT_MAX + 1, 1));
    }
}
