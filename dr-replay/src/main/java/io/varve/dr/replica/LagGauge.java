package io.varve.dr.replica;

import java.util.concurrent.TimeUnit;

/** Keeps count of how far a standby is behind. Safe for use by many threads. */
final class LagGauge {
    private static final double RATE_SPAN_SECONDS = 30;

    private long position;
    private long peerEnd;
    private long upToDateNanos;
    private boolean everUpToDate;
    private long oldestMissingMicros;
    private boolean contact;
    private String trouble = "";

    /** When the batch under way was asked for, and where the other journal ended then. */
    private long heardNanos;

    private long rateNanos = System.nanoTime();
    private double recordsPerSecond;

    LagGauge(long position) {
        this.position = position;
        this.peerEnd = position;
    }

    synchronized void heard(RecordBatch batch, long askedNanos) {
        contact = true;
        trouble = "";
        peerEnd = batch.endPosition();
        heardNanos = askedNanos;
        oldestMissingMicros =
                batch.records().isEmpty() ? 0 : batch.records().getFirst().timeMicros();
        settle();
    }

    synchronized void appended(long newPosition) {
        long now = System.nanoTime();
        double seconds = Math.max(1e-6, (now - rateNanos) / (double) TimeUnit.SECONDS.toNanos(1));
        double weight = 1 - Math.exp(-seconds / RATE_SPAN_SECONDS);
        recordsPerSecond += weight * ((newPosition - position) / seconds - recordsPerSecond);
        rateNanos = now;
        position = newPosition;
        settle();
    }

    private void settle() {
        if (position >= peerEnd) {
            upToDateNanos = heardNanos;
            everUpToDate = true;
            oldestMissingMicros = 0;
        }
    }

    synchronized void failed(String reason, boolean ours) {
        trouble = reason;
        contact = ours && contact;
    }

    synchronized Lag lag() {
        return new Lag(
                position,
                peerEnd,
                upToDateNanos,
                everUpToDate,
                oldestMissingMicros,
                recordsPerSecond,
                contact,
                trouble);
    }
}
