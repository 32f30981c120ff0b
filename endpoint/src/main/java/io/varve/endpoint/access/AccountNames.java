package io.varve.endpoint.access;

import java.util.Optional;

/** What accounts are called, for people to read. Safe for use by many threads. */
@FunctionalInterface
public interface AccountNames {
    /** None is known. */
    AccountNames NONE = _ -> Optional.empty();

    /** The name of the project of this id; empty when it is not known. */
    Optional<String> of(String account);
}
