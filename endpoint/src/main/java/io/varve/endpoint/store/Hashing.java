package io.varve.endpoint.store;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Digests to borrow, and the threads that hash large blobs. Platform threads, not virtual ones:
 * hashing 4 MiB takes milliseconds without a point at which a virtual thread would yield, and small
 * requests would wait behind it. Safe for use by many threads.
 */
final class Hashing implements AutoCloseable {
    private static final int IDLE_DIGESTS_MAX = 256;

    private final ConcurrentLinkedQueue<MessageDigest> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private final ExecutorService threads;

    Hashing(int threadCount) {
        this.threads =
                Executors.newFixedThreadPool(
                        threadCount, Thread.ofPlatform().daemon().name("varve-hash-", 0).factory());
    }

    MessageDigest borrowMd5() {
        MessageDigest digest = idle.poll();
        if (digest != null) {
            idleCount.decrementAndGet();
            return digest;
        }
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no MD5", e);
        }
    }

    void giveBack(MessageDigest digest) {
        if (idleCount.get() < IDLE_DIGESTS_MAX) {
            digest.reset();
            idle.add(digest);
            idleCount.incrementAndGet();
        }
    }

    ExecutorService threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.close();
    }
}
