package io.varve.endpoint.site;

import io.varve.devices.BackfillPace;
import io.varve.devices.FillLimits;
import io.varve.devices.ScrubPace;

import java.time.Duration;

/**
 * When and how fast the site does what nobody waits for.
 *
 * @param backfill how fast blobs are brought to where they belong
 * @param scrub when and how fast devices are read to find rot
 * @param audit when what the journal names is compared with what the devices hold
 * @param limits from when on devices are full, and what is left is for upkeep
 */
public record UpkeepSettings(
        BackfillPace backfill, ScrubPace scrub, Audit audit, FillLimits limits) {
    public static final UpkeepSettings DEFAULT =
            new UpkeepSettings(
                    BackfillPace.DEFAULT, ScrubPace.DEFAULT, Audit.DEFAULT, FillLimits.DEFAULT);

    /**
     * @param period from the end of one audit to the beginning of the next
     * @param grace how long audits have to find that nothing names a blob before it is dropped
     * @param share of the time of one thread that an audit takes while it reads the view, in (0, 1]
     */
    public record Audit(Duration period, Duration grace, double share) {
        /**
         * A quarter of a day: what is lost is told on the same day. A day of grace: nothing needs
         * it, since what is on its way to be named is known, but what it would cost to be wrong is
         * an object, and what it costs is space for a day.
         */
        public static final Audit DEFAULT =
                new Audit(Duration.ofHours(6), Duration.ofDays(1), 0.25);

        public Audit {
            if (period.isNegative() || period.isZero() || grace.isNegative()) {
                throw new IllegalArgumentException(
                        "audit: period=%s, grace=%s".formatted(period, grace));
            }
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("audit share is not in (0, 1]: " + share);
            }
        }
    }

    public UpkeepSettings withAudit(Audit newAudit) {
        return new UpkeepSettings(backfill, scrub, newAudit, limits);
    }

    public UpkeepSettings withLimits(FillLimits newLimits) {
        return new UpkeepSettings(backfill, scrub, audit, newLimits);
    }
}
