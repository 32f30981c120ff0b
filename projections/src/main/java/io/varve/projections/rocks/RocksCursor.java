package io.varve.projections.rocks;

import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

import java.util.Arrays;

/**
 * A RocksDB iterator, in either direction. The bound that it goes towards is given to RocksDB, so
 * that it does not walk over removed rows beyond it in search of one more.
 */
final class RocksCursor implements ViewCursor {
    private final RocksViewStore store;
    private final ReadOptions options;
    private final Direction direction;
    private final @Nullable Slice bound;
    private final RocksIterator rows;
    private byte @Nullable [] key;
    private boolean closed;

    enum Direction {
        FORWARD,
        BACK
    }

    /** Takes over the options, and the lease on the store under which it is made. */
    RocksCursor(
            RocksViewStore store,
            RocksDB db,
            ReadOptions options,
            Direction direction,
            byte[] from,
            byte @Nullable [] to) {
        this.store = store;
        this.options = options;
        this.direction = direction;
        bound = bounded(direction == Direction.FORWARD ? to : from);
        rows = db.newIterator(options);
        try {
            if (direction == Direction.FORWARD) {
                seek(from);
            } else if (to == null) {
                rows.seekToLast();
                settle();
            } else {
                seek(to);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private @Nullable Slice bounded(byte @Nullable [] key) {
        if (key == null) {
            return null;
        }
        Slice slice = new Slice(key);
        switch (direction) {
            case FORWARD -> options.setIterateUpperBound(slice);
            case BACK -> options.setIterateLowerBound(slice);
        }
        return slice;
    }

    private void settle() {
        if (rows.isValid()) {
            key = rows.key();
            return;
        }
        key = null;
        try {
            rows.status();
        } catch (RocksDBException e) {
            throw store.fault("read", e);
        }
    }

    @Override
    public boolean valid() {
        return key != null;
    }

    @Override
    public byte[] key() {
        byte[] present = key;
        if (present == null) {
            throw new IllegalStateException("no row");
        }
        return present;
    }

    @Override
    public byte[] value() {
        return rows.value();
    }

    @Override
    public void next() {
        step();
        settle();
    }

    private void step() {
        switch (direction) {
            case FORWARD -> rows.next();
            case BACK -> rows.prev();
        }
    }

    @Override
    public void seek(byte[] target) {
        switch (direction) {
            case FORWARD -> rows.seek(target);
            case BACK -> {
                // What a range ends with is not in it.
                rows.seekForPrev(target);
                if (rows.isValid() && Arrays.equals(rows.key(), target)) {
                    rows.prev();
                }
            }
        }
        settle();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        key = null;
        rows.close();
        options.close();
        if (bound != null) {
            bound.close();
        }
        store.release();
    }
}
