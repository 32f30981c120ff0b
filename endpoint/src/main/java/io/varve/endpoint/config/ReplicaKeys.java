package io.varve.endpoint.config;

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
}
