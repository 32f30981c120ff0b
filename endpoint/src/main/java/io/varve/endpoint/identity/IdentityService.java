package io.varve.endpoint.identity;

import io.varve.journal.record.IdentityChange;
import io.varve.projections.identity.Ec2Credential;
import io.varve.projections.identity.IdentityRefusal;
import io.varve.projections.identity.IdentityView;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The site's own identity service: its parts, put together. Safe for use by many threads. */
public final class IdentityService implements Tokens {
    private final IdentityLedger ledger;
    private final SiteKey siteKey;
    private final Passwords passwords;
    private final Logins logins;
    private final Ec2Keys ec2Keys;

    /**
     * @param directory where the keys are kept
     * @param rootSecret the password of the first administrator
     * @param cluster what the keys are made of where several endpoints must have the same; null
     *     where they are kept in the directory
     * @param founds whether to make what is missing; what follows another site has it from there
     */
    public record Settings(
            Path directory,
            String rootSecret,
            Duration tokenLife,
            Duration keyRotation,
            int passwordIterations,
            @Nullable ClusterSecret cluster,
            boolean founds) {
        /** Of a site that makes what is missing. */
        public Settings(
                Path directory,
                String rootSecret,
                Duration tokenLife,
                Duration keyRotation,
                int passwordIterations) {
            this(directory, rootSecret, tokenLife, keyRotation, passwordIterations, null, true);
        }

        /** Without the secret, so that it does not get into a log. */
        @Override
        public String toString() {
            return "Settings[directory=" + directory + "]";
        }
    }

    private IdentityService(
            IdentityLedger ledger,
            SiteKey siteKey,
            Passwords passwords,
            Logins logins,
            Ec2Keys ec2Keys) {
        this.ledger = ledger;
        this.siteKey = siteKey;
        this.passwords = passwords;
        this.logins = logins;
        this.ec2Keys = ec2Keys;
    }

    /**
     * Opens the service, and founds it where nobody is administrator.
     *
     * @throws IdentityException when its keys cannot be used
     */
    public static IdentityService open(IdentityLedger ledger, Settings settings, Clock clock) {
        IdentityView view = ledger.view();
        ClusterSecret cluster = settings.cluster();
        SiteKey siteKey =
                cluster == null
                        ? SiteKey.open(settings.directory(), view.ec2Credentials().isEmpty())
                        : SiteKey.of(cluster);
        for (Ec2Credential credential : view.ec2Credentials()) {
            if (!siteKey.sealed(credential.secret())) {
                // Told now, not when somebody's requests fail.
                siteKey.open(credential.secret(), credential.access());
            }
        }
        TokenBoxes keys =
                cluster == null
                        ? TokenKeys.open(
                                settings.directory(),
                                settings.keyRotation(),
                                settings.tokenLife(),
                                clock)
                        : new ClusterTokenKeys(
                                cluster, settings.keyRotation(), settings.tokenLife(), clock);
        RootPassword root = new RootPassword(settings.rootSecret(), siteKey);
        if (settings.founds()) {
            Founding.run(ledger, root);
        }
        Passwords passwords = new Passwords(settings.passwordIterations());
        LoginLimiter limiter =
                new LoginLimiter(
                        LoginLimiter.Limit.USER, LoginLimiter.Limit.SOURCE, System::nanoTime);
        Logins logins =
                new Logins(
                        view,
                        passwords,
                        root,
                        new TokenCodec(keys),
                        limiter,
                        clock,
                        settings.tokenLife());
        return new IdentityService(ledger, siteKey, passwords, logins, new Ec2Keys(view, siteKey));
    }

    @Override
    public Optional<Identity> identify(String token) {
        return logins.access(token).map(Access::toIdentity);
    }

    public IdentityView view() {
        return ledger.view();
    }

    /**
     * Appends a change; on return it is durable and seen by all.
     *
     * @return why it did not take effect; null when it did
     * @throws io.varve.endpoint.store.StoreException when the journal takes nothing at present
     * @throws IllegalArgumentException when it cannot be a record, e.g. a text is too long
     */
    public @Nullable IdentityRefusal change(IdentityLedger.Author author, IdentityChange change) {
        return ledger.change(author, change);
    }

    public Logins logins() {
        return logins;
    }

    public Ec2Keys ec2Keys() {
        return ec2Keys;
    }

    public Passwords passwords() {
        return passwords;
    }

    public SiteKey siteKey() {
        return siteKey;
    }
}
