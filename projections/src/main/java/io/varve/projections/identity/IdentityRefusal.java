package io.varve.projections.identity;

/** Why an identity change was not applied. */
public enum IdentityRefusal {
    /** The name is another's. */
    NAME_TAKEN,
    /** Something of that id is there already. */
    ID_TAKEN,
    NO_SUCH_DOMAIN,
    NO_SUCH_PROJECT,
    NO_SUCH_USER,
    NO_SUCH_ROLE,
    NO_SUCH_GRANT,
    NO_SUCH_CREDENTIAL,
    /** It is not any more what the change was made from: read again, then retry. */
    CHANGED_MEANWHILE,
    /** A domain has to be disabled before it can be removed. */
    DOMAIN_ENABLED,
    /** The user has as many as one may have. */
    TOO_MANY
}
