package io.varve.endpoint.access;

/** To whom a grant gives something. */
public sealed interface Grantee {
    Grantee EVERYONE = new Everyone();
    Grantee AUTHENTICATED = new Authenticated();

    /** All users of one account. */
    record Account(String id) implements Grantee {}

    /** Anybody, also without a credential. */
    record Everyone() implements Grantee {}

    /** Anybody with a credential of this site. */
    record Authenticated() implements Grantee {}

    default boolean covers(Requester requester) {
        return switch (this) {
            case Account(String id) -> id.equals(requester.account());
            case Everyone() -> true;
            case Authenticated() -> !requester.isAnonymous();
        };
    }

    /** Whether it opens something to people whom the owner cannot name. */
    default boolean isPublic() {
        return !(this instanceof Account);
    }
}
