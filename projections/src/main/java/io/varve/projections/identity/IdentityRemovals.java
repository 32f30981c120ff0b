package io.varve.projections.identity;

import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RemoveApplicationCredential;
import io.varve.journal.record.IdentityChange.RemoveEc2Credential;
import io.varve.journal.record.IdentityChange.WithdrawRole;
import io.varve.journal.record.RoleScope;
import io.varve.projections.RowChange;

import org.jspecify.annotations.Nullable;

import java.util.function.Predicate;

/**
 * Removes things with what hangs on them. What hangs on a user is found by the user; what hangs on
 * the rest is found by going through all of it, which is small and seldom needed. Single-threaded:
 * owned by the fold.
 */
final class IdentityRemovals {
    private final IdentityTable table;

    IdentityRemovals(IdentityTable table) {
        this.table = table;
    }

    @Nullable IdentityRefusal apply(Remove remove) {
        return switch (remove.kind()) {
            case DOMAIN -> removeDomain(remove.id());
            case PROJECT -> removeProject(remove.id());
            case USER -> removeUser(remove.id());
            case ROLE -> removeRole(remove.id());
        };
    }

    @Nullable IdentityRefusal apply(WithdrawRole withdraw) {
        byte[] key =
                IdentityKeys.grant(
                        new Grant(withdraw.userId(), withdraw.scope(), withdraw.roleId()));
        return removed(key) ? null : IdentityRefusal.NO_SUCH_GRANT;
    }

    @Nullable IdentityRefusal apply(RemoveApplicationCredential remove) {
        byte kind = IdentityKeys.APPLICATION_CREDENTIAL;
        return removed(IdentityKeys.ofUser(kind, remove.userId(), remove.id()))
                ? null
                : IdentityRefusal.NO_SUCH_CREDENTIAL;
    }

    @Nullable IdentityRefusal apply(RemoveEc2Credential remove) {
        return removeEc2(remove.userId(), remove.access())
                ? null
                : IdentityRefusal.NO_SUCH_CREDENTIAL;
    }

    private boolean removed(byte[] key) {
        boolean present = table.contains(key);
        if (present) {
            table.delete(key);
        }
        return present;
    }

    private boolean removeEc2(String userId, String access) {
        boolean present = removed(IdentityKeys.ofUser(IdentityKeys.EC2_CREDENTIAL, userId, access));
        if (present) {
            table.delete(IdentityKeys.of(IdentityKeys.ACCESS, access));
        }
        return present;
    }

    private @Nullable IdentityRefusal removeDomain(String id) {
        byte[] key = IdentityKeys.of(IdentityKeys.DOMAIN, id);
        Domain domain = table.find(key, IdentityRows::domain);
        if (domain == null) {
            return IdentityRefusal.NO_SUCH_DOMAIN;
        }
        if (domain.enabled()) {
            return IdentityRefusal.DOMAIN_ENABLED;
        }
        for (RowChange row : table.rows(IdentityKeys.all(IdentityKeys.USER))) {
            User user = IdentityRows.user(value(row));
            if (user.domainId().equals(id)) {
                removeUser(user.id());
            }
        }
        for (RowChange row : table.rows(IdentityKeys.all(IdentityKeys.PROJECT))) {
            Project project = IdentityRows.project(value(row));
            if (project.domainId().equals(id)) {
                removeProject(project.id());
            }
        }
        removeGrants(grant -> grant.scope().equals(RoleScope.domain(id)));
        table.delete(IdentityKeys.name(IdentityKeys.DOMAIN, "", domain.name()));
        table.delete(key);
        return null;
    }

    private @Nullable IdentityRefusal removeProject(String id) {
        byte[] key = IdentityKeys.of(IdentityKeys.PROJECT, id);
        Project project = table.find(key, IdentityRows::project);
        if (project == null) {
            return IdentityRefusal.NO_SUCH_PROJECT;
        }
        for (RowChange row : table.rows(IdentityKeys.all(IdentityKeys.EC2_CREDENTIAL))) {
            Ec2Credential credential = IdentityRows.ec2Credential(value(row));
            if (credential.projectId().equals(id)) {
                removeEc2(credential.userId(), credential.access());
            }
        }
        for (RowChange row : table.rows(IdentityKeys.all(IdentityKeys.APPLICATION_CREDENTIAL))) {
            if (IdentityRows.applicationCredential(value(row)).projectId().equals(id)) {
                table.delete(row.key());
            }
        }
        removeGrants(grant -> grant.scope().equals(RoleScope.project(id)));
        table.delete(IdentityKeys.name(IdentityKeys.PROJECT, project.domainId(), project.name()));
        table.delete(key);
        return null;
    }

    private @Nullable IdentityRefusal removeUser(String id) {
        byte[] key = IdentityKeys.of(IdentityKeys.USER, id);
        User user = table.find(key, IdentityRows::user);
        if (user == null) {
            return IdentityRefusal.NO_SUCH_USER;
        }
        for (RowChange row : ofUser(IdentityKeys.EC2_CREDENTIAL, id)) {
            removeEc2(id, IdentityKeys.afterUser(row.key()));
        }
        ofUser(IdentityKeys.APPLICATION_CREDENTIAL, id).forEach(row -> table.delete(row.key()));
        ofUser(IdentityKeys.GRANT, id).forEach(row -> table.delete(row.key()));
        ofUser(IdentityKeys.REVOKED, id).forEach(row -> table.delete(row.key()));
        table.delete(IdentityKeys.name(IdentityKeys.USER, user.domainId(), user.name()));
        table.delete(key);
        return null;
    }

    private @Nullable IdentityRefusal removeRole(String id) {
        byte[] key = IdentityKeys.of(IdentityKeys.ROLE, id);
        Role role = table.find(key, IdentityRows::role);
        if (role == null) {
            return IdentityRefusal.NO_SUCH_ROLE;
        }
        removeGrants(grant -> grant.roleId().equals(id));
        table.delete(IdentityKeys.name(IdentityKeys.ROLE, "", role.name()));
        table.delete(key);
        return null;
    }

    private Iterable<RowChange> ofUser(byte kind, String userId) {
        return table.rows(IdentityKeys.ofUser(kind, userId, ""));
    }

    private void removeGrants(Predicate<Grant> which) {
        for (RowChange row : table.rows(IdentityKeys.all(IdentityKeys.GRANT))) {
            if (which.test(IdentityKeys.grant(row.key()))) {
                table.delete(row.key());
            }
        }
    }

    private static byte[] value(RowChange row) {
        byte[] value = row.value();
        if (value == null) {
            throw new IllegalStateException("a scan shows no removed rows");
        }
        return value;
    }
}
