package io.varve.journal.record;

/**
 * What is kept of a secret: a hash, or a ciphertext. Never the secret in clear.
 *
 * @param text with scheme and parameters in it; empty where there is no secret
 */
public record KeptSecret(String text) {
    public static final KeptSecret NONE = new KeptSecret("");

    public boolean present() {
        return !text.isEmpty();
    }

    /** Without the text: it is of no use to a reader of logs, and of some to a thief. */
    @Override
    public String toString() {
        return present() ? "KeptSecret[…]" : "KeptSecret[]";
    }
}
