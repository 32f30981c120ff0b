package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.ApplicationCredential;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;
import io.varve.projections.identity.User;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells what a token stands for now, and whether for anything. All from memory. Safe for use by
 * many threads.
 */
final class AccessCheck {
    private final IdentityView view;
    private final HeldRoles roles;

    AccessCheck(IdentityView view) {
        this.view = view;
        this.roles = new HeldRoles(view);
    }

    /** Empty when it does not count: expired, revoked, or what it was for is gone or disabled. */
    Optional<Access> of(Token token, Instant now) {
        if (!token.expiresAt().isAfter(now)) {
            return Optional.empty();
        }
        User user = view.user(token.userId()).orElse(null);
        Domain userDomain = user == null ? null : enabledDomain(user.domainId());
        if (user == null || userDomain == null || !user.enabled() || revoked(token, user)) {
            return Optional.empty();
        }
        ApplicationCredential credential = null;
        if (!token.applicationCredentialId().isEmpty()) {
            credential = usable(token.applicationCredentialId(), user.id(), now);
            if (credential == null) {
                return Optional.empty();
            }
        }
        return scoped(token, user, userDomain, credential);
    }

    private boolean revoked(Token token, User user) {
        if (TokenCodec.micros(token.issuedAt()) <= user.tokensAfterMicros()) {
            return true;
        }
        return token.auditIds().stream().anyMatch(id -> view.revoked(user.id(), id));
    }

    /** The application credential, when its holder may use it still. */
    @Nullable ApplicationCredential usable(String id, String userId, Instant now) {
        ApplicationCredential credential = view.applicationCredential(id).orElse(null);
        if (credential == null || !credential.userId().equals(userId)) {
            return null;
        }
        boolean expired =
                credential.expiresMicros() != 0
                        && credential.expiresMicros() <= TokenCodec.micros(now);
        return expired ? null : credential;
    }

    private Optional<Access> scoped(
            Token token, User user, Domain userDomain, @Nullable ApplicationCredential credential) {
        RoleScope scope = token.scope();
        boolean manages = credential == null || credential.unrestricted();
        if (scope == null) {
            return Optional.of(
                    new Access(token, user, userDomain, null, null, null, List.of(), manages));
        }
        Project project = null;
        Domain projectDomain = null;
        Domain scopeDomain = null;
        switch (scope.kind()) {
            case PROJECT -> {
                project = view.project(scope.id()).filter(Project::enabled).orElse(null);
                projectDomain = project == null ? null : enabledDomain(project.domainId());
                if (projectDomain == null) {
                    return Optional.empty();
                }
            }
            case DOMAIN -> {
                scopeDomain = enabledDomain(scope.id());
                if (scopeDomain == null) {
                    return Optional.empty();
                }
            }
            case SYSTEM -> {
                // There is always a site.
            }
        }
        List<Role> held =
                roles.of(user.id(), scope, credential == null ? null : credential.roleIds());
        if (held.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Access(
                        token,
                        user,
                        userDomain,
                        project,
                        projectDomain,
                        scopeDomain,
                        held,
                        manages));
    }

    private @Nullable Domain enabledDomain(String id) {
        return view.domain(id).filter(Domain::enabled).orElse(null);
    }
}
