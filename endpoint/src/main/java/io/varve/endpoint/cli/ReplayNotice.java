package io.varve.endpoint.cli;

import io.varve.dr.ReplayProgress;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Says on standard error how far a replay is: as it begins, as it ends, and once a second. */
final class ReplayNotice implements ReplayProgress {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private boolean begun;
    private long toldNanos;

    ReplayNotice(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    @Override
    public void reached(long position, long throughPosition) {
        long now = nanoTime.getAsLong();
        if (begun && position < throughPosition && now - toldNanos < EVERY_NANOS) {
            return;
        }
        begun = true;
        toldNanos = now;
        long percent = throughPosition == 0 ? 100 : position * 100 / throughPosition;
        err.printf("replayed %d of %d records (%d %%)%n", position, throughPosition, percent);
        err.flush();
    }
}
