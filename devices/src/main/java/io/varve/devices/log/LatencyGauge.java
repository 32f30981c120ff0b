package io.varve.devices.log;

/**
 * How long accesses take of late: a moving average, of which the newest has an eighth. Any thread;
 * when two count at once one of them may be left out.
 */
public final class LatencyGauge {
    private static final int WEIGHT = 8;

    private volatile long averageNanos;

    public void took(long nanos) {
        long before = averageNanos;
        averageNanos = before == 0 ? nanos : before + (nanos - before) / WEIGHT;
    }

    /** 0 before the first. */
    public long averageNanos() {
        return averageNanos;
    }

    /** For when there were none for a time: so that a device that was avoided is tried again. */
    public void fade() {
        long before = averageNanos;
        averageNanos = before - before / WEIGHT;
    }
}
