package io.varve.endpoint.logs;

import io.varve.endpoint.server.ExchangeObserver;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes a line for each request, on a thread of its own, so that a slow disk does not slow
 * requests down. When more lines wait than {@value #QUEUE_LINES}, further ones are dropped and
 * counted: the journal, not this log, is the record of what was done. Safe for use by many threads.
 */
public final class AccessLog implements ExchangeObserver, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AccessLog.class.getName());
    private static final int QUEUE_LINES = 32_768;

    /**
     * The writer looks for lines at this interval instead of being woken for each: to wake a thread
     * costs a request more than to serve a small object.
     */
    private static final long INTERVAL_NANOS = 50_000_000;

    /** Where lines go. Owned by the writing thread. */
    public interface Sink extends AutoCloseable {
        void write(String line) throws IOException;

        /** Brings what was written to where readers see it. */
        void flush() throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Sink sink;
    private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(QUEUE_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private volatile boolean closing;
    private boolean failing;

    public AccessLog(Sink sink) {
        this.sink = sink;
        this.writer = Thread.ofPlatform().daemon().name("access-log").start(this::run);
    }

    @Override
    public void completed(Exchange exchange) {
        offer(AccessLine.of(exchange));
    }

    @Override
    public void refused(InetSocketAddress remote, int status, String reason) {
        offer(AccessLine.refused(Instant.now(), remote, status, reason));
    }

    private void offer(String line) {
        if (!waiting.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /** Lines that were never written. */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        List<String> batch = new ArrayList<>();
        while (!closing || !waiting.isEmpty()) {
            batch.clear();
            if (waiting.drainTo(batch) > 0) {
                write(batch);
            }
            if (!closing) {
                LockSupport.parkNanos(this, INTERVAL_NANOS);
            }
        }
    }

    private void write(List<String> batch) {
        try {
            for (String line : batch) {
                sink.write(line);
            }
            sink.flush();
            failing = false;
        } catch (IOException e) {
            dropped.addAndGet(batch.size());
            if (!failing) {
                LOG.log(Level.WARNING, "the access log cannot be written", e);
            }
            failing = true;
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join();
            sink.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the access log cannot be closed", e);
        }
    }
}
