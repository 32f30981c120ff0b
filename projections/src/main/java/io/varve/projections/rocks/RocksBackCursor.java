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
 * A RocksDB iterator that goes backwards. The beginning of the range is given to RocksDB, so that
 * it does not walk over removed rows before it in search of one more.
 */
final class RocksBackCursor implements ViewCursor {
    private final RocksViewStore store;
    private final ReadOptions options;
    private final Slice begin;
    private final RocksIterator rows;
    private byte @Nullable [] key;
    private boolean closed;

    /** Takes over the options, and the lease on the store under which it is made. */
    RocksBackCursor(
            RocksViewStore store,
            RocksDB db,
            ReadOptions options,
            byte[] from,
            byte @Nullable [] to) {
        this.store = store;
        this.options = options;
        begin = new Slice(from);
        options.setIterateLowerBound(begin);
        rows = db.newIterator(options);
        try {
            if (to == null) {
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
        rows.prev();
        settle();
    }

    @Override
    public void seek(byte[] end) {
        rows.seekForPrev(end);
        if (rows.isValid() && Arrays.equals(rows.key(), end)) {
            rows.prev();
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
        begin.close();
        store.release();
    }
}
