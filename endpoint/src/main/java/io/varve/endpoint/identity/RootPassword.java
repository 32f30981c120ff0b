package io.varve.endpoint.identity;

import io.varve.journal.record.KeptSecret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The root secret as the administrator's password. The journal has only a mark that says so, with a
 * fingerprint that tells when the secret has changed: then the tokens got with the old one end.
 */
public final class RootPassword {
    private static final String SCHEME = "root$";

    private final byte[] secret;
    private final KeptSecret mark;

    public RootPassword(String secret, SiteKey key) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
        this.mark = new KeptSecret(SCHEME + key.fingerprint(secret));
    }

    /** What is kept for a user whose password it is. */
    KeptSecret mark() {
        return mark;
    }

    /** Whether somebody's password is the root secret, the present one or an earlier one. */
    static boolean marked(KeptSecret kept) {
        return kept.text().startsWith(SCHEME);
    }

    boolean matches(String password, KeptSecret kept) {
        byte[] given = password.getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(given, secret) && kept.equals(mark);
    }
}
