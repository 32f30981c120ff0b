package io.varve.endpoint.site;

import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.placement.ClusterLayout;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushRule;
import io.varve.placement.CrushText;

import java.time.Duration;

/** Gives sites pools beside their default one. */
public final class TestPools {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private TestPools() {}

    /** Whole copies over hosts. */
    public static void addCopies(EmbeddedSite site, String name, int copies, String compression) {
        PoolScheme scheme = new PoolScheme.Copies(copies);
        put(site, name, "copies_over_hosts", scheme, Math.max(1, copies - 1), compression);
    }

    /** Shards over devices. */
    public static void addShards(
            EmbeddedSite site, String name, int data, int parity, String compression) {
        CrushMap map = site.placementMap();
        int id = map.rules().stream().mapToInt(CrushRule::id).max().orElse(-1) + 1;
        CrushRule rule = ClusterLayout.fragments(id, "pool_" + name, -1, null, 0);
        require(
                site,
                new TopologyChange.ChangePlacementMap(
                        site.topology().current().mapEpoch(),
                        CrushText.write(map.toBuilder().rule(rule).build())));
        put(site, name, rule.name(), new PoolScheme.Fragments(data, parity), data + 1, compression);
    }

    private static void put(
            EmbeddedSite site,
            String name,
            String rule,
            PoolScheme scheme,
            int min,
            String compression) {
        int id = site.topology().current().pools().lastKey() + 1;
        require(site, new PutPool(id, name, rule, scheme, min, "", compression, 0));
        if (!site.topology().settle(PATIENCE)) {
            throw new AssertionError("the new pool is not followed");
        }
    }

    private static void require(EmbeddedSite site, TopologyChange change) {
        Object refusal = site.topology().change("test", change);
        if (refusal != null) {
            throw new AssertionError(refusal + ": " + change);
        }
    }
}
