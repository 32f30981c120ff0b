package io.varve.endpoint.s3;

import java.util.Optional;

/** The access keys that S3 requests may be signed with. Safe for use by many threads. */
@FunctionalInterface
public interface Credentials {

    /**
     * The credential of an access key as of now, with its secret; empty when there is none, it is
     * disabled, or it is not known here.
     */
    Optional<Credential> find(String accessKey);

    /**
     * Asked about a request that was not signed with the secret that {@link #find} gave, or for
     * which it gave none.
     *
     * @throws io.varve.endpoint.store.StoreException when that cannot be found out at present
     */
    default Vouching vouch(Proof proof) {
        return find(proof.accessKey()).isPresent()
                ? new Vouching.WrongSignature()
                : new Vouching.UnknownKey();
    }

    /** Only this one. */
    static Credentials only(Credential credential) {
        return accessKey ->
                accessKey.equals(credential.accessKey())
                        ? Optional.of(credential)
                        : Optional.empty();
    }
}
