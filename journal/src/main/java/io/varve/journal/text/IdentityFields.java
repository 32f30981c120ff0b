package io.varve.journal.text;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RemoveApplicationCredential;
import io.varve.journal.record.IdentityChange.RemoveEc2Credential;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.IdentityChange.WithdrawRole;
import io.varve.journal.record.RoleScope;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of an identity change as both text forms show them. What is kept of secrets is never
 * shown, only whether there is one: what is printed ends up in tickets and mails.
 */
final class IdentityFields {
    private final Map<String, String> fields = new LinkedHashMap<>();

    private IdentityFields() {}

    static Map<String, String> of(IdentityChange change) {
        IdentityFields all = new IdentityFields();
        all.add(change);
        return all.fields;
    }

    private void add(IdentityChange change) {
        switch (change) {
            case PutDomain c ->
                    put("id", c.id())
                            .put("name", c.name())
                            .putPresent("description", c.description())
                            .put("enabled", c.enabled())
                            .put("basedOn", c.basedOn());
            case PutProject c ->
                    put("id", c.id())
                            .put("domain", c.domainId())
                            .put("name", c.name())
                            .putPresent("description", c.description())
                            .put("enabled", c.enabled())
                            .put("basedOn", c.basedOn());
            case PutUser c ->
                    put("id", c.id())
                            .put("domain", c.domainId())
                            .put("name", c.name())
                            .putPresent("email", c.email())
                            .putPresent("description", c.description())
                            .put("enabled", c.enabled())
                            .putPresent("defaultProject", c.defaultProjectId())
                            .put("password", c.password().present() ? "set" : "none")
                            .put("basedOn", c.basedOn());
            case PutRole c ->
                    put("id", c.id())
                            .put("name", c.name())
                            .putPresent("description", c.description())
                            .put("basedOn", c.basedOn());
            case Remove c -> put("kind", c.kind()).put("id", c.id());
            case GrantRole c -> grant(c.userId(), c.scope(), c.roleId());
            case WithdrawRole c -> grant(c.userId(), c.scope(), c.roleId());
            case AddApplicationCredential c ->
                    put("id", c.id())
                            .put("user", c.userId())
                            .put("project", c.projectId())
                            .put("name", c.name())
                            .putPresent("description", c.description())
                            .put("roles", String.join(",", c.roleIds()))
                            .put("expiresMicros", c.expiresMicros())
                            .put("unrestricted", c.unrestricted());
            case RemoveApplicationCredential c -> put("user", c.userId()).put("id", c.id());
            case AddEc2Credential c ->
                    put("access", c.access()).put("user", c.userId()).put("project", c.projectId());
            case RemoveEc2Credential c -> put("user", c.userId()).put("access", c.access());
            case RevokeTokens c ->
                    put("user", c.userId())
                            .put("token", c.auditId().isEmpty() ? "all" : c.auditId())
                            .put("expiresMicros", c.expiresMicros());
        }
    }

    private void grant(String userId, RoleScope scope, String roleId) {
        put("user", userId)
                .put("role", roleId)
                .put("on", scope.kind())
                .putPresent("onId", scope.id());
    }

    private IdentityFields put(String name, Object value) {
        fields.put(name, String.valueOf(value));
        return this;
    }

    private IdentityFields putPresent(String name, String value) {
        return value.isEmpty() ? this : put(name, value);
    }
}
