package io.varve.projections.rocks;

import io.varve.projections.ViewCursor;
import io.varve.projections.ViewSnapshot;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

import java.util.concurrent.atomic.AtomicBoolean;

/** A RocksDB snapshot, with the lease on the store that it was opened under. */
final class RocksSnapshot implements ViewSnapshot {
    private final RocksViewStore store;
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions readOptions;
    private final AtomicBoolean closed = new AtomicBoolean();

    RocksSnapshot(RocksViewStore store, RocksDB db) {
        this.store = store;
        this.db = db;
        snapshot = db.getSnapshot();
        readOptions = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        return store.get(readOptions, key);
    }

    @Override
    public ViewCursor scan(byte[] from, byte @Nullable [] to) {
        return store.scan(snapshot, from, to);
    }

    @Override
    public ViewCursor sweep(byte[] from, byte @Nullable [] to) {
        return store.sweep(snapshot, from, to);
    }

    @Override
    public ViewCursor scanBack(byte[] from, byte @Nullable [] to) {
        return store.scanBack(snapshot, from, to);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            readOptions.close();
            db.releaseSnapshot(snapshot);
            snapshot.close();
            store.release();
        }
    }
}
