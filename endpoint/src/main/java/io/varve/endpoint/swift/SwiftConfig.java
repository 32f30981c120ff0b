package io.varve.endpoint.swift;

import java.util.List;
import java.util.Set;

/**
 * What an operator decides of the Swift front end.
 *
 * @param resellerPrefix what stands before a project's id in the name of its account
 * @param operatorRoles whoever has one of them on a project owns its account
 * @param readerRoles whoever has one of them on a project may read all of its account
 * @param resellerRoles whoever has one of them owns every account
 * @param policies storage policies by name, the default one first
 */
public record SwiftConfig(
        String resellerPrefix,
        Set<String> operatorRoles,
        Set<String> readerRoles,
        Set<String> resellerRoles,
        List<String> policies) {
    public static final SwiftConfig DEFAULT =
            new SwiftConfig(
                    "AUTH_",
                    Set.of("admin", "member", "_member_", "swiftoperator"),
                    Set.of("reader"),
                    Set.of("reseller", "ResellerAdmin"),
                    List.of("default"));

    public SwiftConfig {
        operatorRoles = Set.copyOf(operatorRoles);
        readerRoles = Set.copyOf(readerRoles);
        resellerRoles = Set.copyOf(resellerRoles);
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("no storage policy");
        }
    }
}
