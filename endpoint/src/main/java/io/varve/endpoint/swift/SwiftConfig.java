package io.varve.endpoint.swift;

import java.util.List;

/**
 * What an operator decides of the Swift front end.
 *
 * @param resellerPrefix what stands before a project's id in the name of its account
 * @param policies storage policies by name, the default one first
 */
public record SwiftConfig(String resellerPrefix, List<String> policies) {
    public static final SwiftConfig DEFAULT = new SwiftConfig("AUTH_", List.of("default"));

    public SwiftConfig {
        policies = List.copyOf(policies);
        if (policies.isEmpty()) {
            throw new IllegalArgumentException("no storage policy");
        }
    }
}
