package io.varve.endpoint.identity;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Set;

/**
 * Who a token or a signature speaks for, as the identity service vouches.
 *
 * @param project what it is scoped to; null when it is not scoped to a project
 * @param roles by name, on that project; empty without one
 * @param expiresAt until when it may be relied on
 */
public record Identity(Named user, @Nullable Named project, Set<String> roles, Instant expiresAt) {
    public Identity {
        roles = Set.copyOf(roles);
    }

    /**
     * A user or a project.
     *
     * @param domainId the domain that the name is unique in
     */
    public record Named(String id, String name, String domainId) {}

    /**
     * Whether the names may stand for the ids in access lists and policies, which say no domain: of
     * another domain than Default, anybody who administers it could choose them.
     */
    public boolean namesCount() {
        Named scoped = project;
        return scoped != null
                && user.domainId().equals(Founding.DEFAULT_DOMAIN)
                && scoped.domainId().equals(Founding.DEFAULT_DOMAIN);
    }

    public boolean hasRole(String role) {
        return roles.contains(role);
    }
}
