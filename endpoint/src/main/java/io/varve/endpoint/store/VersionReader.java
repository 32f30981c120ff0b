package io.varve.endpoint.store;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.zip.CRC32C;

/**
 * Streams a range step by step: one step is sent while the next is read. A step never spans two
 * blobs. The devices verify each block; where a range covers a whole blob, its checksum in the
 * record is compared besides, before the blob's last step is handed out.
 */
final class VersionReader implements ObjectReader {
    private static final Executor READ_AHEAD =
            task -> Thread.ofVirtual().name("varve-read-ahead").start(task);

    private final Blobs blobs;
    private final ReadMemory.Share share;
    private final BlobRanges ranges;
    private final long lengthBytes;

    private @Nullable BlobRange range;
    private int rangeDone;
    private final CRC32C crc = new CRC32C();

    private @Nullable Step ready;
    private @Nullable CompletableFuture<Step> ahead;

    /** Verified bytes at the start of an array. */
    private record Step(byte[] array, int lengthBytes) {}

    private VersionReader(Blobs blobs, ReadMemory memory, BlobRanges ranges, long lengthBytes) {
        this.blobs = blobs;
        this.ranges = ranges;
        this.lengthBytes = lengthBytes;
        this.share = memory.share(lengthBytes);
    }

    static VersionReader open(
            NamespaceView view,
            Blobs blobs,
            ReadMemory memory,
            ObjectVersion version,
            long offset,
            long lengthBytes) {
        BlobRanges ranges = new BlobRanges(view, version, offset, lengthBytes);
        VersionReader reader = new VersionReader(blobs, memory, ranges, lengthBytes);
        try {
            if (reader.hasMore()) {
                reader.ready = reader.readStep();
            }
        } catch (Throwable t) {
            reader.close();
            throw t;
        }
        return reader;
    }

    @Override
    public long lengthBytes() {
        return lengthBytes;
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        Step step = ready;
        ready = null;
        while (step != null) {
            if (hasMore()) {
                ahead = CompletableFuture.supplyAsync(this::readStep, READ_AHEAD);
            }
            out.write(step.array(), 0, step.lengthBytes());
            step = awaitAhead();
        }
    }

    private @Nullable Step awaitAhead() {
        CompletableFuture<Step> pending = ahead;
        if (pending == null) {
            return null;
        }
        try {
            return pending.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException cause
                    ? cause
                    : new StoreException(Category.UNAVAILABLE, "read-ahead failed", e);
        } finally {
            ahead = null;
        }
    }

    private boolean hasMore() {
        return range != null || ranges.hasNext();
    }

    /** Only ever one at a time: by the owner, or ahead of it while it writes. */
    private Step readStep() {
        BlobRange current = range;
        if (current == null) {
            current = ranges.next();
            range = current;
            rangeDone = 0;
            crc.reset();
        }
        int length = Math.min(share.stepBytes(), current.lengthBytes() - rangeDone);
        byte[] array = share.next(length);
        ByteBuffer target = ByteBuffer.wrap(array, 0, length);
        blobs.read(Stored.idOf(current.blob()), current.offset() + rangeDone, target);
        if (target.hasRemaining()) {
            throw new StoreException(
                    Category.LOST,
                    "blob shorter than its record says: %s, missing=%d"
                            .formatted(current, target.remaining()));
        }
        rangeDone += length;
        if (current.wholeBlob()) {
            crc.update(array, 0, length);
        }
        if (rangeDone == current.lengthBytes()) {
            verify(current);
            range = null;
        }
        return new Step(array, length);
    }

    private void verify(BlobRange done) {
        if (done.wholeBlob() && (int) crc.getValue() != done.blob().crc32c()) {
            throw new StoreException(
                    Category.LOST,
                    "blob checksum mismatch: blob=%s, expected=%08x, actual=%08x"
                            .formatted(
                                    Stored.idOf(done.blob()),
                                    done.blob().crc32c(),
                                    (int) crc.getValue()));
        }
    }

    @Override
    public void close() {
        CompletableFuture<Step> pending = ahead;
        if (pending != null) {
            // It fills one of the share's arrays until it has ended.
            pending.handle((step, failure) -> true).join();
            ahead = null;
        }
        share.close();
    }
}
