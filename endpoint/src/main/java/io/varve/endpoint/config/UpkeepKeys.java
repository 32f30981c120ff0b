package io.varve.endpoint.config;

import java.time.Duration;
import java.util.List;

/** The keys of what the site does by itself in the background. */
final class UpkeepKeys {
    private static final long KIB = 1L << 10;
    private static final long TIB = 1L << 40;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration YEAR = Duration.ofDays(366);

    static final ConfigKey<Long> BACKFILL_RATE =
            ConfigKey.of(
                    "backfill.rate",
                    ValueType.size(64 * KIB, TIB),
                    "128 MiB",
                    "Most that is read and written per second and pool to bring blobs to where they"
                            + " belong: after a change of the map, to a device that is back or was"
                            + " replaced.");

    static final ConfigKey<Integer> BACKFILL_BUSY_PERCENT =
            ConfigKey.of(
                    "backfill.busyPercent",
                    ValueType.integer(1, 100),
                    "12",
                    "What part of that rate is left to it while the pool serves requests.");

    static final ConfigKey<Duration> SCRUB_LIGHT_PERIOD =
            ConfigKey.of(
                    "scrub.lightPeriod",
                    ValueType.duration(Duration.ZERO, YEAR),
                    "1 d",
                    "How often the head of each record on a device is read. 0 s: never.");

    static final ConfigKey<Duration> SCRUB_DEEP_PERIOD =
            ConfigKey.of(
                    "scrub.deepPeriod",
                    ValueType.duration(Duration.ZERO, YEAR),
                    "14 d",
                    "How often every byte on a device is read and compared with its checksums. What"
                            + " rots is not found sooner, unless it is read. 0 s: never.");

    static final ConfigKey<Long> SCRUB_RATE =
            ConfigKey.of(
                    "scrub.rate",
                    ValueType.size(64 * KIB, TIB),
                    "32 MiB",
                    "Most that scrubs read per second and pool. A device of 4 TB takes a day and a"
                            + " half at 32 MiB.");

    static final ConfigKey<Integer> SCRUB_BUSY_PERCENT =
            ConfigKey.of(
                    "scrub.busyPercent",
                    ValueType.integer(1, 100),
                    "25",
                    "What part of that rate is left to scrubs while the pool serves requests.");

    static final ConfigKey<Duration> AUDIT_PERIOD =
            ConfigKey.of(
                    "audit.period",
                    ValueType.duration(SECOND, YEAR),
                    "6 h",
                    "How often what the journal names is compared with what the devices hold, from"
                            + " the end of one audit to the beginning of the next.");

    static final ConfigKey<Duration> AUDIT_GRACE =
            ConfigKey.of(
                    "audit.grace",
                    ValueType.duration(Duration.ZERO, YEAR),
                    "1 d",
                    "How long audits of one process have to find that nothing names a blob before"
                            + " it is dropped. A restart begins anew.");

    static final ConfigKey<Integer> AUDIT_PERCENT =
            ConfigKey.of(
                    "audit.percent",
                    ValueType.integer(1, 100),
                    "25",
                    "What part of the time of one thread an audit takes while it reads the view.");

    static final ConfigKey<Integer> DEVICE_TIME_PERCENT =
            ConfigKey.of(
                    "devices.upkeepPercent",
                    ValueType.integer(1, 100),
                    "25",
                    "How much of a device's time backfill, and a scrub, of a pool may each take"
                        + " while the pool serves requests: after each access the device is left"
                        + " alone for as long as that asks for. So requests wait less where devices"
                        + " are slow or busy.");

    static final ConfigKey<Integer> COMPACTION_DEAD_PERCENT =
            ConfigKey.of(
                    "devices.compactionDeadPercent",
                    ValueType.integer(1, 100),
                    "100",
                    "How much of a segment must be dead to be won back though the device has room."
                            + " 100 leaves that to the room there is: the fuller the device, the"
                            + " less has to be dead. Less keeps files smaller, and moves more.");

    static final ConfigKey<Integer> NEAR_FULL_PERCENT =
            ConfigKey.of(
                    "devices.nearFullPercent",
                    ValueType.integer(1, 99),
                    "85",
                    "How much of a device's room may be taken before it, and the pools on it, are"
                            + " told to be nearly full. What compaction can win back counts as"
                            + " free.");

    static final ConfigKey<Integer> FULL_PERCENT =
            ConfigKey.of(
                    "devices.fullPercent",
                    ValueType.integer(1, 99),
                    "95",
                    "From when on a device takes no new blobs. They go to placement groups without"
                            + " a full device; where there is none, writes are refused (507)."
                            + " What is left on the device is for deletes, compaction, and copies"
                            + " that repair and backfill bring.");

    private UpkeepKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(
                BACKFILL_RATE,
                BACKFILL_BUSY_PERCENT,
                SCRUB_LIGHT_PERIOD,
                SCRUB_DEEP_PERIOD,
                SCRUB_RATE,
                SCRUB_BUSY_PERCENT,
                AUDIT_PERIOD,
                AUDIT_GRACE,
                AUDIT_PERCENT,
                DEVICE_TIME_PERCENT,
                COMPACTION_DEAD_PERCENT,
                NEAR_FULL_PERCENT,
                FULL_PERCENT);
    }

    static UpkeepConfig settings(ConfigValues values) {
        if (values.get(NEAR_FULL_PERCENT) > values.get(FULL_PERCENT)) {
            values.problem(
                    NEAR_FULL_PERCENT,
                    "devices.nearFullPercent is more than devices.fullPercent (%d)"
                            .formatted(values.get(FULL_PERCENT)));
        }
        return new UpkeepConfig(
                values.get(BACKFILL_RATE),
                values.get(BACKFILL_BUSY_PERCENT),
                values.get(SCRUB_LIGHT_PERIOD),
                values.get(SCRUB_DEEP_PERIOD),
                values.get(SCRUB_RATE),
                values.get(SCRUB_BUSY_PERCENT),
                values.get(AUDIT_PERIOD),
                values.get(AUDIT_GRACE),
                values.get(AUDIT_PERCENT),
                values.get(DEVICE_TIME_PERCENT),
                values.get(NEAR_FULL_PERCENT),
                values.get(FULL_PERCENT));
    }
}
