package io.varve.projections.identity;

import io.varve.projections.KeyOrder;
import io.varve.projections.RowChange;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Identity's rows within a batch, with a list of what the batch has changed, from which readers'
 * memory is brought up to date. Single-threaded: owned by the fold.
 */
final class IdentityTable {
    private final ViewBatch batch;
    private List<RowChange> changes = new ArrayList<>();

    IdentityTable(ViewBatch batch) {
        this.batch = batch;
    }

    <T> @Nullable T find(byte[] key, Function<byte[], T> form) {
        byte[] value = batch.get(key);
        return value == null ? null : form.apply(value);
    }

    boolean contains(byte[] key) {
        return batch.get(key) != null;
    }

    void put(byte[] key, byte[] value) {
        batch.put(key, value);
        changes.add(new RowChange(key, value));
    }

    void delete(byte[] key) {
        batch.delete(key);
        changes.add(new RowChange(key, null));
    }

    /** The rows whose keys begin so; a copy, so that they can be changed meanwhile. */
    List<RowChange> rows(byte[] prefix) {
        List<RowChange> rows = new ArrayList<>();
        try (ViewCursor cursor = batch.scan(prefix, KeyOrder.afterPrefix(prefix))) {
            for (; cursor.valid(); cursor.next()) {
                rows.add(new RowChange(cursor.key(), cursor.value()));
            }
        }
        return rows;
    }

    /** What has changed since the last call, in order. */
    List<RowChange> settle() {
        List<RowChange> settled = changes;
        if (!settled.isEmpty()) {
            changes = new ArrayList<>();
        }
        return settled;
    }
}
