package io.varve.endpoint.identity;

import io.varve.journal.record.KeptSecret;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Semaphore;

import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes passwords so that whoever has the hash has to work for each guess: PBKDF2 with
 * HMAC-SHA-512. Safe for use by many threads; at most so many hash at a time as there are
 * processors to spare, the others wait.
 */
public final class Passwords {
    /** What the OWASP password storage guide asks of this function; see docs/decisions. */
    public static final int ITERATIONS = 210_000;

    private static final String SCHEME = "pbkdf2-sha512";
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 64;

    private final int iterations;
    private final KeptSecret nobodys;
    private final Semaphore turns =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

    public Passwords(int iterations) {
        this.iterations = iterations;
        // Never computed: it is nobody's, and a start must not wait for what a login takes.
        this.nobodys = kept(Ids.bytes(SALT_BYTES), Ids.bytes(HASH_BYTES));
    }

    public KeptSecret hash(String password) {
        byte[] salt = Ids.bytes(SALT_BYTES);
        return kept(salt, derive(password, salt, iterations));
    }

    private KeptSecret kept(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return new KeptSecret(
                "%s$%d$%s$%s"
                        .formatted(
                                SCHEME,
                                iterations,
                                base64.encodeToString(salt),
                                base64.encodeToString(hash)));
    }

    /** Whether this is the password, in a time that does not tell how nearly. */
    public boolean matches(String password, KeptSecret kept) {
        String[] parts = kept.text().split("\\$", -1);
        if (parts.length != 4 || !parts[0].equals(SCHEME)) {
            matchesNobody(password);
            return false;
        }
        Base64.Decoder base64 = Base64.getDecoder();
        byte[] hash = derive(password, base64.decode(parts[2]), Integer.parseInt(parts[1]));
        return MessageDigest.isEqual(hash, base64.decode(parts[3]));
    }

    /** Takes as long as {@link #matches}, so that the time does not tell who exists. */
    public void matchesNobody(String password) {
        matches(password, nobodys);
    }

    private byte[] derive(String password, byte[] salt, int count) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, count, HASH_BYTES * 8);
        turns.acquireUninterruptibly();
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2WithHmacSHA512", e);
        } finally {
            turns.release();
            spec.clearPassword();
        }
    }
}
