package io.varve.dr.replica;

import java.util.concurrent.TimeUnit;

/** Keeps count of how far a standby is behind. Safe for use by many threads. */
final class LagGauge {
    private static final double RATE_SPAN_SECONDS = 30;
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private long position;
    private long peerEnd;
    private long behindBytes = RecordBatch.NOT_COUNTED;
    private long upToDateNanos;
    private boolean everUpToDate;
    private long oldestMissingMicros;
    private boolean contact;
    private String trouble = "";

    /** When the batch under way was asked for, and since when it has been worked on. */
    private long heardNanos;

    private long busyNanos;

    /** What it brings in while it works, and what comes new to the other journal meanwhile. */
    private double recordsPerSecond;

    private double arrivalsPerSecond;
    private boolean everHeard;

    LagGauge(long position) {
        this.position = position;
        this.peerEnd = position;
    }

    synchronized void heard(RecordBatch batch, long askedNanos) {
        if (everHeard) {
            double seconds = Math.max(1e-6, (askedNanos - heardNanos) / NANOS_PER_SECOND);
            double arrived = Math.max(0, batch.endPosition() - peerEnd);
            arrivalsPerSecond += weight(seconds) * (arrived / seconds - arrivalsPerSecond);
        }
        everHeard = true;
        contact = true;
        trouble = "";
        peerEnd = batch.endPosition();
        behindBytes = batch.behindBytes();
        heardNanos = askedNanos;
        busyNanos = System.nanoTime();
        oldestMissingMicros =
                batch.records().isEmpty() ? 0 : batch.records().getFirst().timeMicros();
        settle();
    }

    /**
     * @param bytes that its records brought
     * @param nextMicros time of the record behind it, or one that is not later
     */
    synchronized void appended(long newPosition, long bytes, long nextMicros) {
        long now = System.nanoTime();
        double seconds = Math.max(1e-6, (now - busyNanos) / NANOS_PER_SECOND);
        double rate = (newPosition - position) / seconds;
        recordsPerSecond =
                recordsPerSecond == 0
                        ? rate
                        : recordsPerSecond + weight(seconds) * (rate - recordsPerSecond);
        busyNanos = now;
        position = newPosition;
        oldestMissingMicros = nextMicros;
        if (behindBytes >= 0) {
            behindBytes = Math.max(0, behindBytes - bytes);
        }
        settle();
    }

    private static double weight(double seconds) {
        return 1 - Math.exp(-seconds / RATE_SPAN_SECONDS);
    }

    private void settle() {
        if (position >= peerEnd) {
            upToDateNanos = heardNanos;
            everUpToDate = true;
            oldestMissingMicros = 0;
            behindBytes = 0;
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
                behindBytes,
                upToDateNanos,
                everUpToDate,
                oldestMissingMicros,
                recordsPerSecond,
                arrivalsPerSecond,
                contact,
                trouble);
    }
}
