package io.varve.endpoint.s3;

/**
 * An access key and what stands behind it.
 *
 * @param account for which its holder acts: the owner of the buckets they make
 * @param principal the name that is written into the journal with each change
 */
public record Credential(String accessKey, String secretKey, String account, String principal) {
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
