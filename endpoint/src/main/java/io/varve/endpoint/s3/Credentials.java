package io.varve.endpoint.s3;

import java.util.Optional;

/** The access keys that S3 requests may be signed with. Safe for use by many threads. */
@FunctionalInterface
public interface Credentials {

    /** The credential of an access key as of now; empty when there is none or it is disabled. */
    Optional<Credential> find(String accessKey);

    /** Only this one. */
    static Credentials only(Credential credential) {
        return accessKey ->
                accessKey.equals(credential.accessKey())
                        ? Optional.of(credential)
                        : Optional.empty();
    }
}
