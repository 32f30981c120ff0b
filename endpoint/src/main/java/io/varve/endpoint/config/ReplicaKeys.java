package io.varve.endpoint.config;

import java.time.Duration;

/** The keys of a pair of sites. */
final class ReplicaKeys {
    private ReplicaKeys() {}

    static ConfigKey<String> url() {
        return ConfigKey.optional(
                "replica.url",
                ValueType.httpUrl(),
                "`https.address`, with this machine's name for a wildcard",
                "Where the other site of a pair finds this one: the standby its primary, and the"
                        + " primary, once it has been overtaken, the one that took over.");
    }

    static ConfigKey<String> mode() {
        return ConfigKey.of(
                        "replica.mode",
                        ValueType.oneOf("async", "sync"),
                        "async",
                        "When a change is answered: once this site has it, or once the standby has"
                                + " it on media too.")
                .onPowerFailure(
                        "With async, what the standby did not have yet is lost with the site; with"
                                + " sync nothing is, as long as the standby confirms.");
    }

    static ConfigKey<Duration> syncTimeout() {
        return ConfigKey.of(
                "replica.syncTimeout",
                ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
                "5 s",
                "With `replica.mode = sync`: how long a change waits for the standby. After that"
                        + " the site is alone until the standby has caught up.");
    }

    static ConfigKey<String> whenAlone() {
        return ConfigKey.of(
                "replica.whenAlone",
                ValueType.oneOf("continue", "refuse"),
                "continue",
                "With `replica.mode = sync`: whether changes are answered without a standby that"
                        + " does not confirm them, or refused (503).");
    }
}
