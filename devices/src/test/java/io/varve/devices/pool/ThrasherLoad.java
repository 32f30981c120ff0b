package io.varve.devices.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.devices.BlobId;
import io.varve.devices.BlobWritten;
import io.varve.devices.log.TestBlobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/**
 * Threads that write, read and delete blobs of a pool and check every byte. Each has blobs of its
 * own. Can be held still for a moment.
 */
final class ThrasherLoad implements AutoCloseable {
    private static final int MAX_BLOB_BYTES = 24_000;
    private static final int MAX_BLOBS_PER_THREAD = 150;

    private final ReplicatedPool pool;
    private final ReadWriteLock stillness = new ReentrantReadWriteLock(true);
    private final List<Worker> workers = new ArrayList<>();
    private final AtomicLong nextBlob = new AtomicLong();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private volatile boolean ended;

    ThrasherLoad(ReplicatedPool pool, long seed, int threads) {
        this.pool = pool;
        for (int i = 0; i < threads; i++) {
            workers.add(new Worker(new Random(seed * 31 + i)));
        }
        workers.forEach(worker -> worker.thread.start());
    }

    private final class Worker {
        private final Random random;
        private final List<BlobId> blobs = new CopyOnWriteArrayList<>();
        private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::run);

        Worker(Random random) {
            this.random = random;
        }

        private void run() {
            while (!ended) {
                stillness.readLock().lock();
                try {
                    request();
                    requests.incrementAndGet();
                } catch (RuntimeException | AssertionError e) {
                    failures.add(e);
                } finally {
                    stillness.readLock().unlock();
                }
                LockSupport.parkNanos(1_000_000);
            }
        }

        private void request() {
            int choice = random.nextInt(10);
            if (blobs.isEmpty() || (choice < 4 && blobs.size() < MAX_BLOBS_PER_THREAD)) {
                BlobId id = TestBlobs.id(nextBlob.getAndIncrement());
                BlobWritten written = PoolFixture.write(pool, id, length(id));
                assertEquals(id, written.blobId());
                blobs.add(id);
            } else if (choice < 8) {
                check(blobs.get(random.nextInt(blobs.size())));
            } else {
                pool.delete(blobs.remove(random.nextInt(blobs.size()))).join();
            }
        }
    }

    static int length(BlobId id) {
        return TestBlobs.length(id, MAX_BLOB_BYTES);
    }

    void check(BlobId id) {
        PoolFixture.assertReads(pool, id, length(id));
    }

    /** Runs while no request is under way. */
    void whileStill(Runnable task) {
        stillness.writeLock().lock();
        try {
            task.run();
        } finally {
            stillness.writeLock().unlock();
        }
    }

    /** The blobs that are there. */
    void forEach(Consumer<BlobId> visitor) {
        workers.forEach(worker -> worker.blobs.forEach(visitor));
    }

    long requests() {
        return requests.get();
    }

    /** Fails with the first request that failed, if any did. */
    void assertNoFailures() {
        Throwable first = failures.peek();
        if (first != null) {
            throw new AssertionError(failures.size() + " requests failed", first);
        }
    }

    @Override
    public void close() {
        ended = true;
        for (Worker worker : workers) {
            try {
                worker.thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
