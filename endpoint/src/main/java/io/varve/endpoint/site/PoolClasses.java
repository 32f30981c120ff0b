package io.varve.endpoint.site;

import io.varve.endpoint.store.StorageClasses;
import io.varve.projections.topology.Pool;
import io.varve.projections.topology.TopologyView;

import java.util.List;
import java.util.OptionalInt;

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
        return view.current().pools().values().stream().map(Pool::name).toList();
    }

    /** One that was recorded but is not open yet does not count. */
    @Override
    public OptionalInt pool(String name) {
        return view.current()
                .poolNamed(name)
                .filter(pool -> pools.find(pool.id()) != null)
                .map(pool -> OptionalInt.of(pool.id()))
                .orElseGet(OptionalInt::empty);
    }
}
