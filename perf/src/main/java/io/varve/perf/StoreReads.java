package io.varve.perf;

import io.varve.endpoint.store.Caller;
import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.projections.namespace.ObjectVersion;

import org.HdrHistogram.Histogram;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Reads of a store in this process, without HTTP, so that what devices add is not hidden behind it.
 * Each is begun at its time, however long the last one took, and is counted from then on.
 */
final class StoreReads {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long HIGHEST_MICROS = 60_000_000;

    private final ObjectStore store;
    private final long bucketId;
    private final int rate;
    private int count;

    /** How long they took. */
    record Latency(long reads, long p50Micros, long p99Micros, long maxMicros) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d reads, p50 %,d us, p99 %,d us, max %,d us",
                    reads,
                    p50Micros,
                    p99Micros,
                    maxMicros);
        }
    }

    private record Body(byte[] bytes) implements ObjectBody {
        @Override
        public InputStream stream() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public long lengthBytes() {
            return bytes.length;
        }

        @Override
        public List<Checksum> checksums() {
            return List.of();
        }
    }

    /**
     * @param rate reads per second of each thread
     */
    StoreReads(ObjectStore store, long bucketId, int rate) {
        this.store = store;
        this.bucketId = bucketId;
        this.rate = rate;
    }

    void put(int objects, int sizeBytes) throws IOException {
        byte[] content = new byte[sizeBytes];
        new Random(1).nextBytes(content);
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        for (; count < objects; count++) {
            store.put(
                    new Caller("bench", "bench", new RequestId(dice.nextLong(), dice.nextLong())),
                    new PutCommand(bucketId, "key" + count, Attributes.NONE, Precondition.NONE),
                    new Body(content));
        }
    }

    /** Reads at random while something goes on. */
    Latency during(int threads, Runnable something) {
        AtomicBoolean ended = new AtomicBoolean();
        List<Histogram> histograms = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Histogram latencies = new Histogram(HIGHEST_MICROS, 3);
            histograms.add(latencies);
            readers.add(Thread.ofVirtual().start(() -> read(latencies, ended)));
        }
        try {
            something.run();
        } finally {
            ended.set(true);
            for (Thread reader : readers) {
                join(reader);
            }
        }
        Histogram all = new Histogram(HIGHEST_MICROS, 3);
        histograms.forEach(all::add);
        return new Latency(
                all.getTotalCount(),
                all.getValueAtPercentile(50),
                all.getValueAtPercentile(99),
                all.getMaxValue());
    }

    private void read(Histogram latencies, AtomicBoolean ended) {
        long next = System.nanoTime();
        while (!ended.get()) {
            next += NANOS_PER_SECOND / rate;
            while (System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
            String key = "key" + ThreadLocalRandom.current().nextInt(count);
            ObjectVersion version = store.view().latest(bucketId, key).orElseThrow();
            try (ObjectReader reader = store.open(version, 0, version.sizeBytes())) {
                reader.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            long micros = (System.nanoTime() - next) / 1_000;
            latencies.recordValue(Math.min(micros, HIGHEST_MICROS));
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
