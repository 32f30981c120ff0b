package io.varve.endpoint.identity;

import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.ApplicationCredential;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.User;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives tokens to those who show who they are. Safe for use by many threads.
 *
 * <p>A login that fails costs as much time whether the user exists or not, and counts against user
 * and source address.
 */
public final class Logins {
    private final IdentityView view;
    private final Passwords passwords;
    private final RootPassword root;
    private final TokenCodec codec;
    private final AccessCheck check;
    private final HeldRoles roles;
    private final LoginLimiter limiter;
    private final Clock clock;
    private final Duration tokenLife;

    Logins(
            IdentityView view,
            Passwords passwords,
            RootPassword root,
            TokenCodec codec,
            LoginLimiter limiter,
            Clock clock,
            Duration tokenLife) {
        this.view = view;
        this.passwords = passwords;
        this.root = root;
        this.codec = codec;
        this.check = new AccessCheck(view);
        this.roles = new HeldRoles(view);
        this.limiter = limiter;
        this.clock = clock;
        this.tokenLife = tokenLife;
    }

    /** What a token is asked for. */
    public sealed interface Wish {
        /** The user's default project, or without scope. */
        record Default() implements Wish {}

        record Unscoped() implements Wish {}

        record Scoped(RoleScope scope) implements Wish {}

        /** Something that does not exist: refused as what one has no role on. */
        record Nowhere() implements Wish {}
    }

    /**
     * @param user null when there is none of that name
     * @param userKey who is meant, in whatever words, for counting failures
     */
    public Login byPassword(
            @Nullable User user, String userKey, String password, Wish wish, String address) {
        Duration wait = limiter.waitFor(userKey, address);
        if (!wait.isZero()) {
            return new Login.TooMany(wait);
        }
        if (user == null || !matches(user, password)) {
            if (user == null) {
                passwords.matchesNobody(password);
            }
            limiter.failed(userKey, address);
            return new Login.Refused();
        }
        limiter.succeeded(userKey, address);
        return issue(user, wished(user, wish), Set.of(Token.Method.PASSWORD));
    }

    /** Whether it is the user's password. */
    public boolean matches(User user, String password) {
        return RootPassword.marked(user.password())
                ? root.matches(password, user.password())
                : passwords.matches(password, user.password());
    }

    /**
     * @param credential null when there is none of that name
     */
    public Login byApplicationCredential(
            @Nullable ApplicationCredential credential, String key, String secret, String address) {
        Duration wait = limiter.waitFor(key, address);
        if (!wait.isZero()) {
            return new Login.TooMany(wait);
        }
        if (credential == null || !passwords.matches(secret, credential.secret())) {
            if (credential == null) {
                passwords.matchesNobody(secret);
            }
            limiter.failed(key, address);
            return new Login.Refused();
        }
        limiter.succeeded(key, address);
        User user = view.user(credential.userId()).orElse(null);
        Instant now = clock.instant();
        if (user == null || check.usable(credential.id(), user.id(), now) == null) {
            return new Login.Refused();
        }
        Token token =
                new Token(
                        user.id(),
                        RoleScope.project(credential.projectId()),
                        Set.of(Token.Method.APPLICATION_CREDENTIAL),
                        credential.id(),
                        issuedAt(user, now),
                        now.plus(tokenLife),
                        List.of(Ids.auditId()));
        return grant(token, now);
    }

    /** A token for another scope. It does not last longer than the one it was got with. */
    public Login byToken(String text, Wish wish) {
        Access held = access(text).orElse(null);
        if (held == null) {
            return new Login.Refused();
        }
        Token before = held.token();
        if (!before.applicationCredentialId().isEmpty()) {
            // It is for one project, with some of the roles; a new token would have them all.
            return new Login.Refused();
        }
        Instant now = clock.instant();
        Set<Token.Method> methods = EnumSet.of(Token.Method.TOKEN);
        methods.addAll(before.methods());
        Wish wished = wished(held.user(), wish);
        if (wished instanceof Wish.Nowhere) {
            return new Login.Refused();
        }
        Token token =
                new Token(
                        held.user().id(),
                        wished instanceof Wish.Scoped scoped ? scoped.scope() : null,
                        methods,
                        "",
                        issuedAt(held.user(), now),
                        before.expiresAt(),
                        List.of(Ids.auditId(), before.auditIds().getLast()));
        return grant(token, now);
    }

    /**
     * Whether it has everything that its user has on the project. An application credential may be
     * for less; what is got with it must not be for more.
     */
    public boolean hasAllRoles(Access access, String projectId) {
        if (access.token().applicationCredentialId().isEmpty()) {
            return true;
        }
        Project project = access.project();
        if (project == null || !project.id().equals(projectId)) {
            return false;
        }
        RoleScope scope = RoleScope.project(projectId);
        return access.roles().containsAll(roles.of(access.user().id(), scope, null));
    }

    /** What a token stands for now; empty when for nothing. */
    public Optional<Access> access(String text) {
        Token token = codec.decode(text);
        return token == null ? Optional.empty() : check.of(token, clock.instant());
    }

    /** A token of a user who has shown who they are in another way. */
    public Login issue(User user, Wish wish, Set<Token.Method> methods) {
        if (wish instanceof Wish.Nowhere) {
            return new Login.Refused();
        }
        Instant now = clock.instant();
        Token token =
                new Token(
                        user.id(),
                        wish instanceof Wish.Scoped scoped ? scoped.scope() : null,
                        methods,
                        "",
                        issuedAt(user, now),
                        now.plus(tokenLife),
                        List.of(Ids.auditId()));
        return grant(token, now);
    }

    private Login grant(Token token, Instant now) {
        Optional<Access> access = check.of(token, now);
        return access.isPresent()
                ? new Login.Granted(codec.encode(token), access.get())
                : new Login.Refused();
    }

    /** Record time may run ahead of the clock, and what is before it is revoked. */
    private static Instant issuedAt(User user, Instant now) {
        Instant first = TokenCodec.instant(user.tokensAfterMicros() + 1);
        Instant micros = TokenCodec.instant(TokenCodec.micros(now));
        return micros.isBefore(first) ? first : micros;
    }

    private Wish wished(User user, Wish wish) {
        if (!(wish instanceof Wish.Default)) {
            return wish;
        }
        RoleScope project = RoleScope.project(user.defaultProjectId());
        boolean usable =
                view.project(project.id()).isPresent()
                        && !roles.of(user.id(), project, null).isEmpty();
        return usable ? new Wish.Scoped(project) : new Wish.Unscoped();
    }
}
