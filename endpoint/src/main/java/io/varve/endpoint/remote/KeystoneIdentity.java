package io.varve.endpoint.remote;

import io.varve.endpoint.access.AccountNames;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.s3.Credentials;

import java.nio.file.Path;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What an existing Keystone says of tokens and signatures. Its parts are safe for use by many
 * threads; it is closed by one.
 */
public final class KeystoneIdentity implements AutoCloseable {
    private final KeystoneClient client;
    private final KeystoneTokens tokens;
    private final KeystoneKeys credentials;
    private final LearnedNames names = new LearnedNames();

    private KeystoneIdentity(
            KeystoneClient client, KeystoneSettings settings, Clock clock, LongSupplier nanos) {
        this.client = client;
        ServiceUser service = new ServiceUser(client, settings.user(), clock, nanos);
        this.tokens =
                new KeystoneTokens(
                        service,
                        settings,
                        clock,
                        names,
                        new KeptAnswers<>(settings.answersMax(), settings.outage(), nanos));
        this.credentials = new KeystoneKeys(service, settings, clock, nanos, names);
    }

    /**
     * Asks nothing yet: a site may start before its Keystone does.
     *
     * @throws io.varve.endpoint.identity.IdentityException when the file of certificates cannot be
     *     used
     */
    public static KeystoneIdentity open(KeystoneSettings settings) {
        return open(settings, Clock.systemUTC(), System::nanoTime);
    }

    static KeystoneIdentity open(KeystoneSettings settings, Clock clock, LongSupplier nanos) {
        Path file = settings.caFile();
        KeystoneClient client =
                new KeystoneClient(
                        settings.url(),
                        settings.timeout(),
                        file == null ? null : Authorities.of(file),
                        nanos);
        return new KeystoneIdentity(client, settings, clock, nanos);
    }

    public Tokens tokens() {
        return tokens;
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Of projects whose users have been here. */
    public AccountNames names() {
        return names;
    }

    @Override
    public void close() {
        client.close();
    }
}
