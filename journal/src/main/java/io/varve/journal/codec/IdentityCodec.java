package io.varve.journal.codec;

import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.Kind;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RemoveApplicationCredential;
import io.varve.journal.record.IdentityChange.RemoveEc2Credential;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.IdentityChange.WithdrawRole;
import io.varve.journal.record.KeptSecret;
import io.varve.journal.record.RoleScope;
import io.varve.journal.wire.AddApplicationCredentialWire;
import io.varve.journal.wire.AddEc2CredentialWire;
import io.varve.journal.wire.IdentityKindWire;
import io.varve.journal.wire.PutDomainWire;
import io.varve.journal.wire.PutProjectWire;
import io.varve.journal.wire.PutRoleWire;
import io.varve.journal.wire.PutUserWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.RemoveApplicationCredentialWire;
import io.varve.journal.wire.RemoveEc2CredentialWire;
import io.varve.journal.wire.RemoveIdentityWire;
import io.varve.journal.wire.RevokeTokensWire;
import io.varve.journal.wire.RoleGrantWire;
import io.varve.journal.wire.RoleScopeWire;

/** Identity changes: {@code identity.proto}. */
final class IdentityCodec {
    private IdentityCodec() {}

    static void encode(IdentityChange change, RecordWire.Builder wire) {
        switch (change) {
            case PutDomain c -> wire.setPutDomain(encode(c));
            case PutProject c -> wire.setPutProject(encode(c));
            case PutUser c -> wire.setPutUser(encode(c));
            case PutRole c -> wire.setPutRole(encode(c));
            case Remove c ->
                    wire.setRemoveIdentity(
                            RemoveIdentityWire.newBuilder()
                                    .setKind(encode(c.kind()))
                                    .setId(c.id()));
            case GrantRole c -> wire.setRoleGrant(encode(c.userId(), c.scope(), c.roleId(), true));
            case WithdrawRole c ->
                    wire.setRoleGrant(encode(c.userId(), c.scope(), c.roleId(), false));
            case AddApplicationCredential c -> wire.setAddApplicationCredential(encode(c));
            case RemoveApplicationCredential c ->
                    wire.setRemoveApplicationCredential(
                            RemoveApplicationCredentialWire.newBuilder()
                                    .setUserId(c.userId())
                                    .setId(c.id()));
            case AddEc2Credential c ->
                    wire.setAddEc2Credential(
                            AddEc2CredentialWire.newBuilder()
                                    .setAccess(c.access())
                                    .setUserId(c.userId())
                                    .setProjectId(c.projectId())
                                    .setSealedSecret(c.secret().text()));
            case RemoveEc2Credential c ->
                    wire.setRemoveEc2Credential(
                            RemoveEc2CredentialWire.newBuilder()
                                    .setUserId(c.userId())
                                    .setAccess(c.access()));
            case RevokeTokens c ->
                    wire.setRevokeTokens(
                            RevokeTokensWire.newBuilder()
                                    .setUserId(c.userId())
                                    .setAuditId(c.auditId())
                                    .setExpiresMicros(c.expiresMicros()));
        }
    }

    private static PutDomainWire encode(PutDomain c) {
        return PutDomainWire.newBuilder()
                .setId(c.id())
                .setName(c.name())
                .setDescription(c.description())
                .setEnabled(c.enabled())
                .setBasedOn(c.basedOn())
                .build();
    }

    private static PutProjectWire encode(PutProject c) {
        return PutProjectWire.newBuilder()
                .setId(c.id())
                .setDomainId(c.domainId())
                .setName(c.name())
                .setDescription(c.description())
                .setEnabled(c.enabled())
                .setBasedOn(c.basedOn())
                .build();
    }

    private static PutUserWire encode(PutUser c) {
        return PutUserWire.newBuilder()
                .setId(c.id())
                .setDomainId(c.domainId())
                .setName(c.name())
                .setEmail(c.email())
                .setDescription(c.description())
                .setEnabled(c.enabled())
                .setDefaultProjectId(c.defaultProjectId())
                .setPasswordHash(c.password().text())
                .setBasedOn(c.basedOn())
                .build();
    }

    private static PutRoleWire encode(PutRole c) {
        return PutRoleWire.newBuilder()
                .setId(c.id())
                .setName(c.name())
                .setDescription(c.description())
                .setBasedOn(c.basedOn())
                .build();
    }

    private static RoleGrantWire encode(
            String userId, RoleScope scope, String roleId, boolean granted) {
        return RoleGrantWire.newBuilder()
                .setUserId(userId)
                .setScope(encode(scope.kind()))
                .setScopeId(scope.id())
                .setRoleId(roleId)
                .setGranted(granted)
                .build();
    }

    private static AddApplicationCredentialWire encode(AddApplicationCredential c) {
        return AddApplicationCredentialWire.newBuilder()
                .setId(c.id())
                .setUserId(c.userId())
                .setProjectId(c.projectId())
                .setName(c.name())
                .setDescription(c.description())
                .setSecretHash(c.secret().text())
                .addAllRoleIds(c.roleIds())
                .setExpiresMicros(c.expiresMicros())
                .setUnrestricted(c.unrestricted())
                .build();
    }

    static PutDomain decode(PutDomainWire wire) {
        ContentCodec.requireKnown("put domain", wire);
        return new PutDomain(
                wire.getId(),
                wire.getName(),
                wire.getDescription(),
                wire.getEnabled(),
                wire.getBasedOn());
    }

    static PutProject decode(PutProjectWire wire) {
        ContentCodec.requireKnown("put project", wire);
        return new PutProject(
                wire.getId(),
                wire.getDomainId(),
                wire.getName(),
                wire.getDescription(),
                wire.getEnabled(),
                wire.getBasedOn());
    }

    static PutUser decode(PutUserWire wire) {
        ContentCodec.requireKnown("put user", wire);
        return new PutUser(
                wire.getId(),
                wire.getDomainId(),
                wire.getName(),
                wire.getEmail(),
                wire.getDescription(),
                wire.getEnabled(),
                wire.getDefaultProjectId(),
                new KeptSecret(wire.getPasswordHash()),
                wire.getBasedOn());
    }

    static PutRole decode(PutRoleWire wire) {
        ContentCodec.requireKnown("put role", wire);
        return new PutRole(wire.getId(), wire.getName(), wire.getDescription(), wire.getBasedOn());
    }

    static Remove decode(RemoveIdentityWire wire) {
        ContentCodec.requireKnown("remove identity", wire);
        return new Remove(decode(wire.getKind()), wire.getId());
    }

    static IdentityChange decode(RoleGrantWire wire) {
        ContentCodec.requireKnown("role grant", wire);
        RoleScope scope = new RoleScope(decode(wire.getScope()), wire.getScopeId());
        return wire.getGranted()
                ? new GrantRole(wire.getUserId(), scope, wire.getRoleId())
                : new WithdrawRole(wire.getUserId(), scope, wire.getRoleId());
    }

    static AddApplicationCredential decode(AddApplicationCredentialWire wire) {
        ContentCodec.requireKnown("add application credential", wire);
        return new AddApplicationCredential(
                wire.getId(),
                wire.getUserId(),
                wire.getProjectId(),
                wire.getName(),
                wire.getDescription(),
                new KeptSecret(wire.getSecretHash()),
                wire.getRoleIdsList(),
                wire.getExpiresMicros(),
                wire.getUnrestricted());
    }

    static RemoveApplicationCredential decode(RemoveApplicationCredentialWire wire) {
        ContentCodec.requireKnown("remove application credential", wire);
        return new RemoveApplicationCredential(wire.getUserId(), wire.getId());
    }

    static AddEc2Credential decode(AddEc2CredentialWire wire) {
        ContentCodec.requireKnown("add EC2 credential", wire);
        return new AddEc2Credential(
                wire.getAccess(),
                wire.getUserId(),
                wire.getProjectId(),
                new KeptSecret(wire.getSealedSecret()));
    }

    static RemoveEc2Credential decode(RemoveEc2CredentialWire wire) {
        ContentCodec.requireKnown("remove EC2 credential", wire);
        return new RemoveEc2Credential(wire.getUserId(), wire.getAccess());
    }

    static RevokeTokens decode(RevokeTokensWire wire) {
        ContentCodec.requireKnown("revoke tokens", wire);
        return new RevokeTokens(wire.getUserId(), wire.getAuditId(), wire.getExpiresMicros());
    }

    private static IdentityKindWire encode(Kind kind) {
        return switch (kind) {
            case DOMAIN -> IdentityKindWire.IDENTITY_KIND_DOMAIN;
            case PROJECT -> IdentityKindWire.IDENTITY_KIND_PROJECT;
            case USER -> IdentityKindWire.IDENTITY_KIND_USER;
            case ROLE -> IdentityKindWire.IDENTITY_KIND_ROLE;
        };
    }

    private static Kind decode(IdentityKindWire wire) {
        return switch (wire) {
            case IDENTITY_KIND_DOMAIN -> Kind.DOMAIN;
            case IDENTITY_KIND_PROJECT -> Kind.PROJECT;
            case IDENTITY_KIND_USER -> Kind.USER;
            case IDENTITY_KIND_ROLE -> Kind.ROLE;
            case IDENTITY_KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedRecordException("identity kind is unknown: " + wire);
        };
    }

    private static RoleScopeWire encode(RoleScope.Kind kind) {
        return switch (kind) {
            case PROJECT -> RoleScopeWire.ROLE_SCOPE_PROJECT;
            case DOMAIN -> RoleScopeWire.ROLE_SCOPE_DOMAIN;
            case SYSTEM -> RoleScopeWire.ROLE_SCOPE_SYSTEM;
        };
    }

    private static RoleScope.Kind decode(RoleScopeWire wire) {
        return switch (wire) {
            case ROLE_SCOPE_PROJECT -> RoleScope.Kind.PROJECT;
            case ROLE_SCOPE_DOMAIN -> RoleScope.Kind.DOMAIN;
            case ROLE_SCOPE_SYSTEM -> RoleScope.Kind.SYSTEM;
            case ROLE_SCOPE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedRecordException("role scope is unknown: " + wire);
        };
    }
}
