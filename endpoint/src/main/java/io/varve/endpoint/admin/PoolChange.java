package io.varve.endpoint.admin;

import io.varve.devices.PoolConfig;
import io.varve.devices.Redundancy;
import io.varve.devices.WriteLimits;
import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.placement.CrushMap;
import io.varve.placement.CrushRule;
import io.varve.placement.RuleStep;
import io.varve.projections.topology.Pool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A pool as an operator wants it to be.
 *
 * @param put based on the pool as it is
 * @param moves whether what is in it may have to move or get more copies
 */
record PoolChange(PutPool put, boolean moves) {
    /** The members of a document that say how a pool is to be, with those that say how to do it. */
    private static final String[] MEMBERS = {
        "name",
        "other_names",
        "rule",
        "scheme",
        "min_copies",
        "compression",
        "small_bytes",
        "closed",
        "force",
        "dry_run"
    };

    /**
     * What the document does not name stays as it is.
     *
     * @throws AdminRefusal when the pool cannot become so
     */
    static PoolChange of(Pool pool, AdminDocument wanted, CrushMap map) {
        wanted.requireOnly(MEMBERS);
        PutPool before = pool.put();
        PoolScheme scheme = scheme(pool, wanted);
        String name = wanted.text("name", before.name());
        PoolOperations.requireName(name);
        int min = (int) wanted.number("min_copies", before.minCopies(), PoolConfig.MAX_COPIES * 2L);
        requireMin(scheme, min);
        String rule = wanted.text("rule", before.rule());
        PutPool after =
                new PutPool(
                        before.id(),
                        name,
                        rule,
                        scheme,
                        min,
                        rule.equals(before.rule()) ? before.deviceClass() : classOf(map, rule),
                        PoolOperations.compression(wanted, before.compression()),
                        options(pool, wanted, name),
                        pool.position());
        return new PoolChange(
                after, !rule.equals(before.rule()) || scheme.width() > pool.scheme().width());
    }

    /** The class of devices that a rule takes; empty for any. */
    private static String classOf(CrushMap map, String rule) {
        for (RuleStep step : map.rule(rule).map(CrushRule::steps).orElse(List.of())) {
            if (step instanceof RuleStep.Take take && take.deviceClass() != null) {
                return take.deviceClass();
            }
        }
        return "";
    }

    /** The same pool, open or closed. */
    static PutPool closed(Pool pool, boolean whether) {
        PutPool put = pool.put();
        return new PutPool(
                put.id(),
                put.name(),
                put.rule(),
                put.scheme(),
                put.minCopies(),
                put.deviceClass(),
                put.compression(),
                put.options().withClosed(whether),
                pool.position());
    }

    private static PoolScheme scheme(Pool pool, AdminDocument wanted) {
        if (!wanted.has("scheme")) {
            return pool.scheme();
        }
        PoolScheme scheme = PoolOperations.scheme(Redundancy.parse(wanted.text("scheme")));
        boolean copies =
                scheme instanceof PoolScheme.Copies && pool.scheme() instanceof PoolScheme.Copies;
        if (!copies && !scheme.equals(pool.scheme())) {
            throw AdminRefusal.conflict(
                    ("Pool %s is of the scheme %s for good: what is in it was cut that way, and"
                         + " would have to be written anew. Add a pool of the scheme %s and move"
                         + " its objects there (varve bucket transition).")
                            .formatted(pool.name(), pool.scheme(), scheme));
        }
        return scheme;
    }

    private static void requireMin(PoolScheme scheme, int min) {
        switch (scheme) {
            case PoolScheme.Copies(int count) -> {
                Redundancy _ = new Redundancy.Copies(count, min);
            }
            case PoolScheme.Fragments(int data, int parity) -> {
                Redundancy _ = new Redundancy.Erasure(data, parity, min);
            }
        }
    }

    private static PoolOptions options(Pool pool, AdminDocument wanted, String name) {
        PoolOptions before = pool.put().options();
        List<String> others =
                new ArrayList<>(
                        wanted.has("other_names")
                                ? wanted.texts("other_names")
                                : before.otherNames());
        others.forEach(PoolOperations::requireName);
        if (!name.equals(pool.name()) && !others.contains(pool.name())) {
            // Objects tell their class by it, and containers their policy.
            others.add(pool.name());
        }
        others.remove(name);
        boolean closed = wanted.has("closed") ? wanted.flag("closed") : before.closed();
        if (closed && pool.id() == Pool.DEFAULT_ID) {
            throw AdminRefusal.conflict(
                    "Pool %s is the default pool and cannot be closed.".formatted(pool.name()));
        }
        return new PoolOptions(
                others.stream().distinct().toList(), smallBytes(pool, wanted), closed);
    }

    private static @Nullable Integer smallBytes(Pool pool, AdminDocument wanted) {
        Integer before = pool.put().options().copiedBytesMax();
        if (!wanted.has("small_bytes")) {
            return before;
        }
        if (pool.scheme() instanceof PoolScheme.Copies) {
            throw AdminRefusal.conflict(
                    "Pool %s keeps whole copies of blobs of any size.".formatted(pool.name()));
        }
        return (int)
                wanted.number(
                        "small_bytes",
                        Objects.requireNonNullElse(before, 0),
                        WriteLimits.MAX_BLOB_BYTES);
    }
}
