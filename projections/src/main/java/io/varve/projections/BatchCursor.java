package io.varve.projections;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The rows of a store with the changes of a batch laid over them: of two rows with one key the
 * batch's counts, and one that the batch has removed is left out.
 */
final class BatchCursor implements ViewCursor {
    private final ViewBatch batch;
    private final ViewCursor stored;
    private final byte @Nullable [] to;
    private byte @Nullable [] key;
    private byte @Nullable [] value;

    BatchCursor(ViewBatch batch, ViewCursor stored, byte[] from, byte @Nullable [] to) {
        this.batch = batch;
        this.stored = stored;
        this.to = to;
        settle(from);
    }

    /** Stands on the first row at or after a key. */
    private void settle(byte[] from) {
        byte[] next = from;
        while (true) {
            skipStoredBefore(next);
            ViewBatch.KnownRow known = batch.ceiling(next, to);
            if (known == null
                    || (stored.valid() && KeyOrder.BYTES.compare(stored.key(), known.key()) < 0)) {
                key = stored.valid() ? stored.key() : null;
                value = stored.valid() ? stored.value() : null;
                return;
            }
            if (known.value() != null) {
                key = known.key();
                value = known.value();
                return;
            }
            next = KeyOrder.after(known.key());
        }
    }

    /** At most two steps: what was shown last, and what the batch shadows. */
    private void skipStoredBefore(byte[] next) {
        while (stored.valid() && KeyOrder.BYTES.compare(stored.key(), next) < 0) {
            stored.next();
        }
    }

    @Override
    public boolean valid() {
        return key != null;
    }

    @Override
    public byte[] key() {
        return Objects.requireNonNull(key, "no row");
    }

    @Override
    public byte[] value() {
        return Objects.requireNonNull(value, "no row");
    }

    @Override
    public void next() {
        settle(KeyOrder.after(key()));
    }

    @Override
    public void seek(byte[] target) {
        if (stored.valid() && KeyOrder.BYTES.compare(stored.key(), target) < 0) {
            stored.seek(target);
        }
        settle(target);
    }

    @Override
    public void close() {
        stored.close();
    }
}
