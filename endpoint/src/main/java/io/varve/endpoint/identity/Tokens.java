package io.varve.endpoint.identity;

import java.util.Optional;

/** Tells who a token speaks for. Safe for use by many threads. */
@FunctionalInterface
public interface Tokens {

    /**
     * As of now; empty when the token is not one of this service, has expired, or was revoked.
     *
     * @throws io.varve.endpoint.store.StoreException when that cannot be found out at present
     */
    Optional<Identity> identify(String token);
}
