package io.varve.endpoint.swift;

import io.varve.endpoint.sync.SyncRealms;

import java.util.List;
import java.util.function.Supplier;

/**
 * What an operator decides of the Swift front end.
 *
 * @param resellerPrefix what stands before a project's id in the name of its account
 * @param policiesNow storage policies by name as they are now, the default one first
 * @param sync which other sites containers may be kept the same at
 */
public record SwiftConfig(String resellerPrefix, Supplier<List<String>> policiesNow, Sync sync) {
    public static final SwiftConfig DEFAULT =
            new SwiftConfig("AUTH_", List.of("default"), Sync.NONE);

    /** With policies that stay. */
    public SwiftConfig(String resellerPrefix, List<String> policies, Sync sync) {
        this(resellerPrefix, always(policies), sync);
    }

    private static Supplier<List<String>> always(List<String> policies) {
        List<String> copy = List.copyOf(policies);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("no storage policy");
        }
        return () -> copy;
    }

    List<String> policies() {
        return policiesNow.get();
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
