package io.varve.perf;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A closed-loop load: so many keep-alive connections, each sends its next request when it has the
 * answer to the last. One thread for all, so that the load costs the machine little beside what it
 * measures. Single-threaded.
 */
final class LoadLoop implements AutoCloseable {
    private static final long STALLED_MS = 60_000;

    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final RequestSource source;

    LoadLoop(InetSocketAddress target, int connectionCount, RequestSource source)
            throws IOException {
        this.source = source;
        this.selector = Selector.open();
        for (int i = 0; i < connectionCount; i++) {
            connections.add(new LoadConnection(target, selector, source.expectedStatus()));
        }
    }

    /** Runs a warm-up that is not counted, then measures. */
    LoadResult run(Duration warmUp, Duration measured) throws IOException {
        if (!warmUp.isZero()) {
            loop(Long.MAX_VALUE, warmUp);
        }
        return loop(Long.MAX_VALUE, measured);
    }

    /** Sends so many requests and waits for their answers. */
    LoadResult run(long requestCount) throws IOException {
        return loop(requestCount, Duration.ofDays(1));
    }

    private LoadResult loop(long requestCount, Duration duration) throws IOException {
        Histogram latencies = new Histogram(60_000_000L, 3);
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        long sent = 0;
        long done = 0;
        long bytesRead = 0;
        for (LoadConnection connection : connections) {
            if (sent < requestCount) {
                connection.send(source.next());
                sent++;
            }
        }
        while (done < sent) {
            if (selector.select(STALLED_MS) == 0) {
                throw new IOException("no answer for " + STALLED_MS + " ms");
            }
            var ready = selector.selectedKeys().iterator();
            while (ready.hasNext()) {
                SelectionKey key = ready.next();
                ready.remove();
                LoadConnection connection = (LoadConnection) key.attachment();
                if (!connection.advance()) {
                    continue;
                }
                done++;
                bytesRead += connection.bodyBytes();
                long now = System.nanoTime();
                latencies.recordValue(
                        Math.min(60_000_000L, (now - connection.sentAtNanos()) / 1_000));
                if (now < end && sent < requestCount) {
                    connection.send(source.next());
                    sent++;
                }
            }
        }
        return new LoadResult(done, bytesRead, (System.nanoTime() - began) / 1e9, latencies);
    }

    @Override
    public void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
