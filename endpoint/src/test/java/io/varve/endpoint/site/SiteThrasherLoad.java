package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.ObjectStore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Threads that put, get whole and by ranges, overwrite and delete objects of two storage classes
 * through S3, and check every byte. Each has keys of its own. Can be held still for a moment.
 */
final class SiteThrasherLoad implements AutoCloseable {
    private static final int KEYS = 40;
    private static final int LENGTH_MAX_BYTES = 60_000;
    private static final Credential OWNER = new Credential("KEY", "secret", "root", "root");

    private final ReadWriteLock stillness = new ReentrantReadWriteLock(true);
    private final List<Worker> workers = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private volatile boolean ended;

    SiteThrasherLoad(ObjectStore store, String secondClass, long seed, int threads) {
        TestClient.of(store, List.of(OWNER)).put("/thrashed", "").expect(200);
        for (int i = 0; i < threads; i++) {
            workers.add(
                    new Worker(
                            i,
                            TestClient.of(store, List.of(OWNER)),
                            secondClass,
                            new Random(seed * 31 + i)));
        }
        workers.forEach(worker -> worker.thread.start());
    }

    private final class Worker {
        private final int number;
        private final TestClient s3;
        private final String secondClass;
        private final Random random;
        private final Map<Integer, byte[]> there = new TreeMap<>();
        private final Thread thread = Thread.ofPlatform().name("load").unstarted(this::run);

        Worker(int number, TestClient s3, String secondClass, Random random) {
            this.number = number;
            this.s3 = s3;
            this.secondClass = secondClass;
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
                LockSupport.parkNanos(2_000_000);
            }
        }

        private String target(int key) {
            return "/thrashed/" + number + "-" + key;
        }

        private void request() {
            int key = random.nextInt(KEYS);
            byte[] content = there.get(key);
            int choice = random.nextInt(10);
            if (content == null || choice < 3) {
                put(key);
            } else if (choice < 6) {
                check(key, content);
            } else if (choice < 9) {
                checkRange(key, content);
            } else {
                s3.delete(target(key)).expect(204);
                there.remove(key);
            }
        }

        /** Half of them in the other class; half of them such as shrink. */
        private void put(int key) {
            byte[] content = new byte[1 + random.nextInt(LENGTH_MAX_BYTES)];
            if (random.nextBoolean()) {
                random.nextBytes(content);
            } else {
                Arrays.fill(content, (byte) random.nextInt());
            }
            TestClient.Request put = s3.request("PUT", target(key)).body(content);
            if (random.nextBoolean()) {
                put.header("x-amz-storage-class", secondClass);
            }
            put.send().expect(200);
            there.put(key, content);
        }

        private void check(int key, byte[] content) {
            assertArrayEquals(content, s3.get(target(key)).expect(200).body(), target(key));
        }

        private void checkRange(int key, byte[] content) {
            int from = random.nextInt(content.length);
            int to = from + random.nextInt(content.length - from);
            Answer range =
                    s3.request("GET", target(key))
                            .header("Range", "bytes=" + from + "-" + to)
                            .send()
                            .expect(206);
            assertArrayEquals(Arrays.copyOfRange(content, from, to + 1), range.body(), target(key));
        }
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

    /** Reads everything; only while still. */
    void checkAll() {
        workers.forEach(worker -> worker.there.forEach(worker::check));
    }

    long requests() {
        return requests.get();
    }

    /** Fails with the first request that failed, if any did. */
    void requireNoFailures() {
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
