package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Grant;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Role;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds the roles that a user has on something. From memory. Safe for use by many threads. */
final class HeldRoles {
    private final IdentityView view;

    HeldRoles(IdentityView view) {
        this.view = view;
    }

    /**
     * @param among only these; null for all
     */
    List<Role> of(String userId, RoleScope scope, @Nullable Collection<String> among) {
        List<Role> roles = new ArrayList<>();
        for (Grant grant : view.grantsOf(userId)) {
            if (grant.scope().equals(scope)) {
                view.role(grant.roleId()).ifPresent(role -> add(roles, role));
            }
        }
        imply(roles, RoleNames.ADMIN, RoleNames.MEMBER);
        imply(roles, RoleNames.MEMBER, RoleNames.READER);
        if (among != null) {
            List<Role> some = new ArrayList<>();
            roles.stream().filter(role -> among.contains(role.id())).forEach(some::add);
            imply(some, RoleNames.ADMIN, RoleNames.MEMBER);
            imply(some, RoleNames.MEMBER, RoleNames.READER);
            return some;
        }
        return roles;
    }

    private void imply(List<Role> roles, String held, String implied) {
        if (roles.stream().anyMatch(role -> role.name().equals(held))) {
            Optional<Role> role = view.roleNamed(implied);
            role.ifPresent(present -> add(roles, present));
        }
    }

    private static void add(List<Role> roles, Role role) {
        if (roles.stream().noneMatch(other -> other.id().equals(role.id()))) {
            roles.add(role);
        }
    }
}
