package io.varve.endpoint.s3;

import java.util.Set;

/**
 * An access key and what stands behind it.
 *
 * @param account for which its holder acts: the owner of the buckets they make
 * @param principal the name that is written into the journal with each change
 * @param roles that its holder has on the account, by name
 */
public record Credential(
        String accessKey, String secretKey, String account, String principal, Set<String> roles) {
    public Credential {
        roles = Set.copyOf(roles);
    }

    /** Of the owner of an account: with the role member. */
    public Credential(String accessKey, String secretKey, String account, String principal) {
        this(accessKey, secretKey, account, principal, Set.of("member", "reader"));
    }

    /** Without the secret, so that it does not get into a log. */
    @Override
    public String toString() {
        return "Credential[accessKey="
                + accessKey
                + ", account="
                + account
                + ", principal="
                + principal
                + "]";
    }
}
