package io.varve.endpoint.config;

import java.nio.file.Path;

/** The keys of container sync. */
final class SyncKeys {
    private static final long KIB = 1024;
    private static final long TIB = 1L << 40;

    private SyncKeys() {}

    static ConfigKey<Path> realms() {
        return ConfigKey.optional(
                "sync.realms",
                ValueType.path(),
                "no container sync",
                "The sites between which users may keep containers the same, and the secrets that"
                        + " these share, as in OpenStack Swift's `container-sync-realms.conf`. Read"
                        + " at the start; for the operator's eyes only.");
    }

    static ConfigKey<String> current() {
        return ConfigKey.of(
                "sync.current",
                ValueType.text(128),
                "//",
                "Which of them this site is, as `//realm/cluster`: `/info` says so.");
    }

    static ConfigKey<Path> caFile() {
        return ConfigKey.optional(
                "sync.caFile",
                ValueType.path(),
                "the authorities that the Java runtime trusts",
                "Certificates (PEM) that those of other sites are checked with, and no others.");
    }

    static ConfigKey<Long> rate() {
        return ConfigKey.of(
                "sync.rate",
                ValueType.size(64 * KIB, TIB),
                "32 MiB",
                "How many bytes a second are sent to other sites, all of them together.");
    }
}
