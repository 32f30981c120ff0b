package io.varve.endpoint.site;

import io.varve.endpoint.store.StorageClasses;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.TopologyView;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The pools by the names that the records give them. Safe for use by many threads. */
final class PoolClasses implements StorageClasses {
    private final TopologyView view;
    private final SitePools pools;

    PoolClasses(TopologyView view, SitePools pools) {
        this.view = view;
        this.pools = pools;
    }

    @Override
    public List<String> names() {
        return view.current().pools().values().stream()
                .filter(pool -> !pool.closed())
                .flatMap(PoolClasses::names)
                .toList();
    }

    @Override
    public boolean closed(String name) {
        return view.current().poolCalled(name).filter(Pool::closed).isPresent();
    }

    /** Whether a blob that belongs to no record yet may be written to it. */
    boolean takesBlobs(int poolId) {
        return view.current().pool(poolId).filter(pool -> !pool.closed()).isPresent();
    }

    /** Whether there was a pool of that number, and nothing of it is wanted any more. */
    boolean removed(int poolId) {
        return view.current().removedPools().contains(poolId);
    }

    private static Stream<String> names(Pool pool) {
        return Stream.concat(Stream.of(pool.name()), pool.put().options().otherNames().stream());
    }

    /** One that was recorded but is not open yet does not count, nor one that is closed. */
    @Override
    public OptionalInt pool(String name) {
        return view.current()
                .poolCalled(name)
                .filter(pool -> pools.find(pool.id()) != null && !pool.closed())
                .map(pool -> OptionalInt.of(pool.id()))
                .orElseGet(OptionalInt::empty);
    }
}
