package io.varve.endpoint.config;

import io.varve.endpoint.config.VarveConfig.ReplicaSettings;

import java.time.Duration;
import java.util.List;

/** The keys of a pair of sites. */
final class ReplicaKeys {
    static final ConfigKey<String> URL =
            ConfigKey.optional(
                    "replica.url",
                    ValueType.httpUrl(),
                    "`https.address`, with this machine's name for a wildcard",
                    "Where the other site of a pair finds this one: the standby its primary, and"
                            + " the primary, once it has been overtaken, the one that took over.");

    static final ConfigKey<String> MODE =
            ConfigKey.of(
                            "replica.mode",
                            ValueType.oneOf("async", "sync"),
                            "async",
                            "When a change is answered: once this site has it, or once the standby"
                                    + " has it on media too.")
                    .onPowerFailure(
                            "With async, what the standby did not have yet is lost with the site;"
                                    + " with sync nothing is, as long as the standby confirms.");

    static final ConfigKey<Duration> SYNC_TIMEOUT =
            ConfigKey.of(
                    "replica.syncTimeout",
                    ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
                    "5 s",
                    "With `replica.mode = sync`: how long a change waits for the standby. After"
                            + " that the site is alone until the standby has caught up.");

    static final ConfigKey<String> WHEN_ALONE =
            ConfigKey.of(
                    "replica.whenAlone",
                    ValueType.oneOf("continue", "refuse"),
                    "continue",
                    "With `replica.mode = sync`: whether changes are answered without a standby"
                            + " that does not confirm them, or refused (503).");

    static final ConfigKey<Duration> ALERT_AGE =
            ConfigKey.of(
                    "replica.alertAge",
                    ValueType.duration(Duration.ZERO, Duration.ofDays(366)),
                    "1 min",
                    "How far behind the standby may be before a warning is logged, `varve dr"
                            + " status`, `/health/replica` and `varve_replica_too_far_behind` tell"
                            + " it, at either site. 0 s: never.");

    static final ConfigKey<Duration> VERIFY_PERIOD =
            ConfigKey.of(
                    "replica.verifyPeriod",
                    ValueType.duration(Duration.ZERO, Duration.ofDays(366)),
                    "1 d",
                    "How often a standby compares all of its view and every blob with what its"
                            + " primary has, slowly. What differs is not found sooner, unless it is"
                            + " read or `varve dr verify` is run. 0 s: never.");

    static final ConfigKey<Long> RATE =
            ConfigKey.of(
                    "replica.rate",
                    ValueType.size(0, 1L << 40),
                    "0 B",
                    "Most that is sent to the other site per second, records and blobs together."
                            + " 0 B: no limit. `varve dr limit` changes it while the site runs.");

    static final ConfigKey<String> COMPRESSION =
            ConfigKey.of(
                    "replica.compression",
                    ValueType.oneOf("zstd", "off"),
                    "zstd",
                    "Whether records, and blobs that get smaller by an eighth, are compressed on"
                            + " their way to the other site. `varve dr limit` changes it while the"
                            + " site runs.");

    private ReplicaKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(
                URL, MODE, SYNC_TIMEOUT, WHEN_ALONE, ALERT_AGE, VERIFY_PERIOD, RATE, COMPRESSION);
    }

    static ReplicaSettings settings(ConfigValues values) {
        return new ReplicaSettings(
                values.find(URL),
                values.get(MODE).equals("sync"),
                values.get(SYNC_TIMEOUT),
                values.get(WHEN_ALONE).equals("refuse"),
                values.get(ALERT_AGE),
                values.get(VERIFY_PERIOD),
                values.get(RATE),
                values.get(COMPRESSION).equals("zstd"));
    }
}
