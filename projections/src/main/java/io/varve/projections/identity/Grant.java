package io.varve.projections.identity;

import io.varve.journal.record.RoleScope;

/** A role that a user has on something. */
public record Grant(String userId, RoleScope scope, String roleId) {}
