package io.varve.endpoint.replica;

import io.varve.dr.replica.Backlog;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Tells once that the standby is further behind than it may be, and once that it is not any more.
 * Used by one thread; asked by many.
 */
final class LagAlert {
    private static final System.Logger LOG = System.getLogger(LagAlert.class.getName());

    private final Duration limit;
    private volatile boolean raised;

    /**
     * @param limit zero for none
     */
    LagAlert(Duration limit) {
        this.limit = limit;
    }

    boolean raised() {
        return raised;
    }

    /**
     * @param ageNanos what the standby lacks is so old; -1 for not known
     */
    void see(long ageNanos) {
        boolean above = !limit.isZero() && ageNanos > limit.toNanos();
        if (above && !raised) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the standby is {0} s behind: more than replica.alertAge",
                    TimeUnit.NANOSECONDS.toSeconds(ageNanos));
        } else if (raised && !above) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "the standby is no more behind than replica.alertAge");
        }
        raised = above;
    }

    /** How old the oldest record is that the standby lacks, as the primary sees it. */
    static long ageNanos(Backlog.Now now, Instant at) {
        if (now.oldestMicros() == 0) {
            return now.records() == 0 ? 0 : -1;
        }
        Instant oldest = Instant.EPOCH.plus(now.oldestMicros(), ChronoUnit.MICROS);
        return Math.max(0, Duration.between(oldest, at).toNanos());
    }
}
