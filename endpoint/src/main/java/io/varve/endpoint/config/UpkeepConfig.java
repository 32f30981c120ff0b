package io.varve.endpoint.config;

import java.time.Duration;

/** What the keys say of the work that the site does by itself; {@link UpkeepKeys} explains them. */
public record UpkeepConfig(
        long backfillBytesPerSecond,
        int backfillBusyPercent,
        Duration scrubLightPeriod,
        Duration scrubDeepPeriod,
        long scrubBytesPerSecond,
        int scrubBusyPercent,
        Duration auditPeriod,
        Duration auditGrace,
        int auditPercent,
        int deviceTimePercent,
        int nearFullPercent,
        int fullPercent) {}
