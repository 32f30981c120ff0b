package io.varve.endpoint.serve;

import io.varve.endpoint.identity.Ec2Keys;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Credentials;

import java.util.Optional;

/**
 * The access keys that users have made. The project is the account. From memory; safe for use by
 * many threads.
 */
final class IdentityCredentials implements Credentials {
    private final Ec2Keys keys;

    IdentityCredentials(Ec2Keys keys) {
        this.keys = keys;
    }

    @Override
    public Optional<Credential> find(String accessKey) {
        return keys.find(accessKey).map(IdentityCredentials::credential);
    }

    private static Credential credential(Ec2Keys.Ec2Key key) {
        return new Credential(
                key.access(),
                key.secret(),
                key.project().id(),
                key.user().id(),
                key.namesCount()
                        ? new Credential.Names(key.project().name(), key.user().name())
                        : null,
                key.roles());
    }
}
