package io.varve.endpoint.server;

import io.varve.journal.record.RequestId;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Request ids: 64 random bits of this process, and a counter scrambled by a bijection, so that no
 * two of one process are equal. Not secret. Safe for use by many threads.
 */
final class RequestIds {
    private final long process;
    private final AtomicLong counter;

    RequestIds() {
        SecureRandom random = new SecureRandom();
        this.process = random.nextLong();
        this.counter = new AtomicLong(random.nextLong());
    }

    RequestId next() {
        return new RequestId(process, scramble(counter.getAndIncrement()));
    }

    /** The finaliser of SplitMix64. */
    private static long scramble(long counter) {
        long z = counter;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
