package io.varve.devices.pool;

import io.varve.devices.log.ReadScratch;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Read scratches kept for reuse, up to a number; any thread. */
final class ScratchPool {
    /** Most payload that one read of a device brings. */
    static final int LARGE_BYTES = 1 << 20;

    static final int SMALL_BYTES = 64 << 10;

    private static final int MAX_KEPT_LARGE = 16;
    private static final int MAX_KEPT_SMALL = 128;

    private final Shelf small = new Shelf(SMALL_BYTES, MAX_KEPT_SMALL);
    private final Shelf large = new Shelf(LARGE_BYTES, MAX_KEPT_LARGE);

    private static final class Shelf {
        private final int payloadBytes;
        private final int maxKept;
        private final ConcurrentLinkedQueue<ReadScratch> kept = new ConcurrentLinkedQueue<>();
        private final AtomicInteger count = new AtomicInteger();

        Shelf(int payloadBytes, int maxKept) {
            this.payloadBytes = payloadBytes;
            this.maxKept = maxKept;
        }

        ReadScratch take() {
            ReadScratch scratch = kept.poll();
            if (scratch == null) {
                return ReadScratch.allocate(payloadBytes);
            }
            count.decrementAndGet();
            return scratch;
        }

        void give(ReadScratch scratch) {
            if (count.incrementAndGet() > maxKept) {
                count.decrementAndGet();
                return;
            }
            kept.add(scratch);
        }
    }

    ReadScratch take(int payloadBytes) {
        return (payloadBytes <= SMALL_BYTES ? small : large).take();
    }

    /** Takes back what {@link #take} gave for that size, when nothing uses it any more. */
    void give(int payloadBytes, ReadScratch scratch) {
        (payloadBytes <= SMALL_BYTES ? small : large).give(scratch);
    }
}
