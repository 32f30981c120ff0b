package io.varve.endpoint.swift;

import io.varve.endpoint.sync.SyncRealms;

import java.util.List;

/**
 * What an operator decides of the Swift front end.
 *
 * @param resellerPrefix what stands before a project's id in the name of its account
 * @param policies storage policies by name, the default one first
 * @param sync which other sites containers may be kept the same at
 */
public record SwiftConfig(String resellerPrefix, List<String> policies, Sync sync) {
    public static final SwiftConfig DEFAULT =
            new SwiftConfig("AUTH_", List.of("default"), Sync.NONE);

    public SwiftConfig {
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("no storage policy");
        }
    }

    /**
     * @param current which of the clusters this site is, as {@code //realm/cluster}; empty when it
     *     is not told
     */
    public record Sync(SyncRealms realms, String current) {
        public static final Sync NONE = new Sync(SyncRealms.NONE, "");

        boolean isCurrent(String realm, String cluster) {
            return current.equalsIgnoreCase("//" + realm + "/" + cluster);
        }
    }
}
