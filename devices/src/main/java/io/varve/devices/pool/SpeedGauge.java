package io.varve.devices.pool;

/** Bytes per second over the last seconds. Safe for use by many threads. */
final class SpeedGauge {
    private static final long WINDOW_NANOS = 5_000_000_000L;

    private long windowStart = System.nanoTime();
    private long bytes;
    private double before;

    synchronized void moved(long count) {
        roll();
        bytes += count;
    }

    synchronized long bytesPerSecond() {
        roll();
        double elapsed = (System.nanoTime() - windowStart) / 1e9;
        double inWindow = bytes / Math.max(1, elapsed);
        double weight = Math.min(1, elapsed * 1e9 / WINDOW_NANOS);
        return (long) (weight * inWindow + (1 - weight) * Math.max(before, inWindow));
    }

    private void roll() {
        long elapsed = System.nanoTime() - windowStart;
        if (elapsed >= WINDOW_NANOS) {
            before = elapsed < 2 * WINDOW_NANOS ? bytes * 1e9 / elapsed : 0;
            bytes = 0;
            windowStart = System.nanoTime();
        }
    }
}
