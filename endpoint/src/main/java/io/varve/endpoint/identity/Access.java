package io.varve.endpoint.identity;

import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;
import io.varve.projections.identity.User;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A token that counts, with what it stands for at this moment.
 *
 * @param userDomain the user's
 * @param project what it is scoped to; null for another scope or none
 * @param projectDomain the project's; null without one
 * @param scopeDomain the domain that it is scoped to; null for another scope or none
 * @param roles on its scope, those included that others imply; empty without scope
 * @param mayManageCredentials whether its holder may make and remove credentials of the user
 */
public record Access(
        Token token,
        User user,
        Domain userDomain,
        @Nullable Project project,
        @Nullable Domain projectDomain,
        @Nullable Domain scopeDomain,
        List<Role> roles,
        boolean mayManageCredentials) {
    public Access {
        roles = List.copyOf(roles);
    }

    public Set<String> roleNames() {
        return roles.stream().map(Role::name).collect(Collectors.toUnmodifiableSet());
    }

    public boolean hasRole(String name) {
        return roles.stream().anyMatch(role -> role.name().equals(name));
    }

    public Identity toIdentity() {
        Identity.Named scoped =
                project == null
                        ? null
                        : new Identity.Named(project.id(), project.name(), project.domainId());
        return new Identity(
                new Identity.Named(user.id(), user.name(), user.domainId()),
                scoped,
                scoped == null ? Set.of() : roleNames(),
                token.expiresAt());
    }
}
