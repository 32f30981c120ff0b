package io.varve.endpoint.store;

import io.varve.devices.BlobId;
import io.varve.endpoint.store.StoreException.Category;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Blobs in memory. Writes complete at once, or when the test says so. */
public final class FakeBlobs implements Blobs {
    public final Map<BlobId, byte[]> stored = new ConcurrentHashMap<>();
    final Map<BlobId, byte[]> owners = new ConcurrentHashMap<>();
    final List<String> events = new ArrayList<>();
    final AtomicInteger reads = new AtomicInteger();

    /** Filled while {@link #holdWrites} is on; running one carries the write out. */
    final Queue<Runnable> held = new ArrayDeque<>();

    volatile boolean holdWrites;
    volatile int failWritesFrom = Integer.MAX_VALUE;
    private int writes;

    @Override
    public synchronized CompletableFuture<BlobId> write(
            int poolId, ByteBuffer content, byte[] owner) {
        CompletableFuture<BlobId> written = new CompletableFuture<>();
        int number = ++writes;
        events.add("write " + content.remaining());
        Runnable write = () -> carryOut(number, content, owner, written);
        if (holdWrites) {
            held.add(write);
        } else {
            write.run();
        }
        return written;
    }

    private void carryOut(
            int number, ByteBuffer content, byte[] owner, CompletableFuture<BlobId> written) {
        if (number >= failWritesFrom) {
            written.completeExceptionally(
                    new StoreException(Category.UNAVAILABLE, "write " + number + " fails"));
            return;
        }
        byte[] copy = new byte[content.remaining()];
        content.duplicate().get(copy);
        BlobId id = new BlobId(0, number);
        stored.put(id, copy);
        owners.put(id, owner);
        written.complete(id);
    }

    @Override
    public byte[] owner(BlobId id) {
        byte[] owner = owners.get(id);
        if (owner == null) {
            throw new StoreException(StoreException.Category.LOST, "no blob " + id);
        }
        return owner;
    }

    @Override
    public void read(BlobId id, int offset, ByteBuffer target) {
        reads.incrementAndGet();
        byte[] bytes = stored.get(id);
        if (bytes == null) {
            throw new StoreException(Category.LOST, "no such blob: " + id);
        }
        target.put(bytes, offset, Math.min(target.remaining(), bytes.length - offset));
    }

    @Override
    public synchronized void drop(Collection<BlobId> ids) {
        events.add("drop " + ids.size());
        stored.keySet().removeAll(ids);
    }
}
