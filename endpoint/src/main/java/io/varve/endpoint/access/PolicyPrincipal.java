package io.varve.endpoint.access;

/** One of those whom a statement speaks of. */
sealed interface PolicyPrincipal {

    /** Anybody, also without a credential. */
    record Anyone() implements PolicyPrincipal {}

    /** All users of an account. */
    record OfAccount(String account) implements PolicyPrincipal {}

    /**
     * One user.
     *
     * @param account empty for a user of any account, known by id
     * @param user the id or, within an account, the name
     */
    record OfUser(String account, String user) implements PolicyPrincipal {}

    /** A role, a service, somebody of another place: nobody here. */
    record Foreign() implements PolicyPrincipal {}

    default boolean covers(Requester requester) {
        return switch (this) {
            case Anyone() -> true;
            case OfAccount(String account) -> account.equals(requester.account());
            case OfUser(String account, String user) ->
                    account.isEmpty()
                            ? user.equals(requester.user()) || user.equals(requester.account())
                            : account.equals(requester.account())
                                    && (user.equals("*")
                                            || user.equals(requester.user())
                                            || user.equals(requester.userName()));
            case Foreign() -> false;
        };
    }

    /** As a policy writes it below {@code "AWS"} or {@code "CanonicalUser"}. */
    static PolicyPrincipal parse(String text) throws PolicyException {
        if (text.equals("*")) {
            return new Anyone();
        }
        if (!text.startsWith("arn:")) {
            if (text.isEmpty() || text.contains("*")) {
                throw new PolicyException("Invalid principal in policy");
            }
            return new OfAccount(text);
        }
        String[] fields = text.split(":", 6);
        if (fields.length < 6) {
            throw new PolicyException("Invalid principal in policy");
        }
        if (!fields[2].equals("iam")) {
            return new Foreign();
        }
        String account = fields[4];
        if (fields[5].equals("root") && !account.isEmpty()) {
            return new OfAccount(account);
        }
        return fields[5].startsWith("user/")
                ? new OfUser(account, fields[5].substring(fields[5].lastIndexOf('/') + 1))
                : new Foreign();
    }
}
