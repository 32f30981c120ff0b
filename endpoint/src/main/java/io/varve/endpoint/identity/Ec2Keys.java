package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Ec2Credential;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;
import io.varve.projections.identity.User;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The access keys that requests are signed with. All from memory; a secret is decrypted once and
 * kept while it is used. Safe for use by many threads.
 */
public final class Ec2Keys {
    /** When more are kept, all are dropped and decrypted again as they are used. */
    private static final int KEPT_MAX = 10_000;

    private final IdentityView view;
    private final SiteKey siteKey;
    private final HeldRoles roles;
    private final Map<Ec2Credential, String> secrets = new ConcurrentHashMap<>();

    Ec2Keys(IdentityView view, SiteKey siteKey) {
        this.view = view;
        this.siteKey = siteKey;
        this.roles = new HeldRoles(view);
    }

    /**
     * An access key that counts.
     *
     * @param roles on the project, never empty
     */
    public record Ec2Key(
            String access, String secret, User user, Project project, Set<String> roles) {
        /** As {@link Identity#namesCount}. */
        public boolean namesCount() {
            return user.domainId().equals(Founding.DEFAULT_DOMAIN)
                    && project.domainId().equals(Founding.DEFAULT_DOMAIN);
        }

        /** Without the secret, so that it does not get into a log. */
        @Override
        public String toString() {
            return "Ec2Key[access=" + access + ", user=" + user.id() + "]";
        }
    }

    /** Empty when there is none, or its user or project is disabled or has no role any more. */
    public Optional<Ec2Key> find(String access) {
        Ec2Credential credential = view.ec2Credential(access).orElse(null);
        if (credential == null) {
            return Optional.empty();
        }
        User user = view.user(credential.userId()).orElse(null);
        Project project = view.project(credential.projectId()).orElse(null);
        if (user == null || project == null || !user.enabled() || !project.enabled()) {
            return Optional.empty();
        }
        if (lacks(user.domainId()) || lacks(project.domainId())) {
            return Optional.empty();
        }
        List<Role> held = roles.of(user.id(), RoleScope.project(project.id()), null);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        Set<String> names = held.stream().map(Role::name).collect(Collectors.toUnmodifiableSet());
        return Optional.of(new Ec2Key(access, secret(credential), user, project, names));
    }

    private boolean lacks(String domainId) {
        return view.domain(domainId).filter(Domain::enabled).isEmpty();
    }

    /** In clear, for its owner. */
    public String secret(Ec2Credential credential) {
        String kept = secrets.get(credential);
        if (kept != null) {
            return kept;
        }
        String secret = siteKey.open(credential.secret(), credential.access());
        if (secrets.size() >= KEPT_MAX) {
            secrets.clear();
        }
        secrets.put(credential, secret);
        return secret;
    }
}
