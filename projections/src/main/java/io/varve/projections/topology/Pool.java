package io.varve.projections.topology;

import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.PutPool;

/**
 * A pool as the records say.
 *
 * @param put its last put, with the position before it as the base
 * @param addedMicros when it was first put
 * @param position of the last put: what the next one is based on
 */
public record Pool(PutPool put, long addedMicros, long position) {
    /** The pool of objects that ask for none. */
    public static final int DEFAULT_ID = 0;

    public int id() {
        return put.id();
    }

    public String name() {
        return put.name();
    }

    /** Whether clients mean it by that name. */
    public boolean called(String name) {
        return name().equals(name) || put.options().otherNames().contains(name);
    }

    /** Whether it takes no more blobs. */
    public boolean closed() {
        return put.options().closed();
    }

    public PoolScheme scheme() {
        return put.scheme();
    }
}
