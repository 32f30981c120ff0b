package io.varve.placement;

import java.util.Arrays;
import java.util.List;

/**
 * One evaluation of a rule for one input. Single-use and single-threaded.
 *
 * <p>Three arrays as long as the wanted replica set take turns: the working set that a step reads,
 * the picks that it writes, and the leaves below those picks. Each item of the working set fills a
 * stretch of its own in the picks, and collisions count within that stretch only.
 */
final class RuleRun {
    private final Draws draws;
    private final Tunables tunables;
    private final int wanted;

    private int chooseTries;
    private int leafTries;
    private int localTries;
    private int fallbackTries;
    private int varyR;
    private boolean stable;

    private int[] working;
    private int workingSize;
    private int[] picks;
    private final int[] leaves;
    private final int[] result;
    private int resultSize;

    RuleRun(Draws draws, Tunables tunables, int wanted) {
        this.draws = draws;
        this.tunables = tunables;
        this.wanted = wanted;
        // The tunable counts retries, a set_choose_tries step counts tries.
        chooseTries = tunables.chooseTotalTries() + 1;
        localTries = tunables.chooseLocalTries();
        fallbackTries = tunables.chooseLocalFallbackTries();
        varyR = tunables.chooseleafVaryR();
        stable = tunables.chooseleafStable();
        working = new int[wanted];
        picks = new int[wanted];
        leaves = new int[wanted];
        result = new int[wanted];
    }

    /**
     * Returns up to the wanted number of items.
     *
     * @param steps with the device classes already resolved to shadow copies
     */
    int[] run(List<RuleStep> steps) {
        for (RuleStep step : steps) {
            switch (step) {
                case RuleStep.Take take -> take(take.itemId());
                case RuleStep.Choose choose -> choose(choose);
                case RuleStep.Set set -> set(set.setting(), set.value());
                case RuleStep.Emit emit -> emit();
            }
        }
        return resultSize == wanted ? result : Arrays.copyOf(result, resultSize);
    }

    private void take(int itemId) {
        working[0] = itemId;
        workingSize = 1;
    }

    private void set(RuleStep.Setting setting, int value) {
        switch (setting) {
            case CHOOSE_TRIES -> chooseTries = value > 0 ? value : chooseTries;
            case CHOOSELEAF_TRIES -> leafTries = value > 0 ? value : leafTries;
            case CHOOSE_LOCAL_TRIES -> localTries = value;
            case CHOOSE_LOCAL_FALLBACK_TRIES -> fallbackTries = value;
            case CHOOSELEAF_VARY_R -> varyR = value;
            case CHOOSELEAF_STABLE -> stable = value != 0;
        }
    }

    private void choose(RuleStep.Choose step) {
        int count = step.count() > 0 ? step.count() : step.count() + wanted;
        int picked = 0;
        for (int i = 0; i < workingSize; i++) {
            // A device has nothing below it, and neither has a hole that indep left.
            if (count <= 0 || working[i] >= 0) {
                continue;
            }
            Hierarchy.Node from = draws.node(working[i]);
            picked +=
                    switch (step.mode()) {
                        case FIRSTN -> firstN(step, from, count, picked);
                        case INDEP -> indep(step, from, count, picked);
                    };
        }
        if (step.toLeaf()) {
            System.arraycopy(leaves, 0, picks, 0, picked);
        }
        int[] replaced = working;
        working = picks;
        picks = replaced;
        workingSize = picked;
    }

    private int firstN(RuleStep.Choose step, Hierarchy.Node from, int count, int start) {
        int tries = leafTries;
        if (tries == 0) {
            tries = tunables.chooseleafDescendOnce() ? 1 : chooseTries;
        }
        FirstN.Retries retries = new FirstN.Retries(localTries, fallbackTries, varyR, stable);
        FirstN leaf = new FirstN(draws, retries, ItemType.DEVICE, tries, leaves, start, null);
        FirstN outer =
                new FirstN(
                        draws,
                        retries,
                        step.typeId(),
                        chooseTries,
                        picks,
                        start,
                        step.toLeaf() ? leaf : null);
        return outer.fill(from, count, 0, wanted - start, 0);
    }

    private int indep(RuleStep.Choose step, Hierarchy.Node from, int count, int start) {
        int tries = leafTries == 0 ? 1 : leafTries;
        int size = Math.min(count, wanted - start);
        Indep leaf = new Indep(draws, ItemType.DEVICE, count, tries, leaves, start, null);
        Indep outer =
                new Indep(
                        draws,
                        step.typeId(),
                        count,
                        chooseTries,
                        picks,
                        start,
                        step.toLeaf() ? leaf : null);
        outer.fill(from, 0, size, 0);
        return size;
    }

    private void emit() {
        int size = Math.min(workingSize, wanted - resultSize);
        System.arraycopy(working, 0, result, resultSize, size);
        resultSize += size;
        workingSize = 0;
    }
}
