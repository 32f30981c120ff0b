package io.varve.perf;

import org.HdrHistogram.Histogram;

import java.util.Locale;

/**
 * What a load came to.
 *
 * @param latencies of each request from its first byte written to its last byte read, microseconds
 * @param bytesRead of response bodies
 */
record LoadResult(long requests, long bytesRead, double seconds, Histogram latencies) {

    double requestsPerSecond() {
        return requests / seconds;
    }

    double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,.0f req/s, latency p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms",
                requestsPerSecond(),
                micros(50) / 1e3,
                micros(99) / 1e3,
                micros(99.9) / 1e3);
    }
}
