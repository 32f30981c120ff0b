package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * An access key and what stands behind it.
 *
 * @param secretKey empty when only somebody else has it
 * @param account for which its holder acts: the owner of the buckets they make
 * @param principal the id that is written into the journal with each change
 * @param names of both; null when they are not known, or may not stand for the ids
 * @param roles that its holder has on the account, by name
 */
public record Credential(
        String accessKey,
        String secretKey,
        String account,
        String principal,
        @Nullable Names names,
        Set<String> roles) {

    /** What account and principal are called. */
    public record Names(String account, String principal) {}

    public Credential {
        roles = Set.copyOf(roles);
    }

    /** Of somebody who is known by id only. */
    public Credential(
            String accessKey,
            String secretKey,
            String account,
            String principal,
            Set<String> roles) {
        this(accessKey, secretKey, account, principal, null, roles);
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
