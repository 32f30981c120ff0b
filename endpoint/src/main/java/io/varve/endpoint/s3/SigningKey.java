package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one access key, day and region, derived from the secret as Signature Version 4 says.
 * Safe for use by many threads: each signature is made with a clone of an initialised MAC that is
 * itself never updated.
 */
final class SigningKey {
    private static final String HMAC = "HmacSHA256";

    private final Mac prototype;

    private SigningKey(Mac prototype) {
        this.prototype = prototype;
    }

    /** Anybody can sign with an empty one: it stands for a secret that is not known. */
    static void requireSecret(String secretKey) {
        if (secretKey.isEmpty()) {
            throw new IllegalArgumentException("a signature cannot be checked without the secret");
        }
    }

    static SigningKey derive(String secretKey, CredentialScope scope) {
        requireSecret(secretKey);
        byte[] key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
        for (String part :
                new String[] {
                    scope.date(),
                    scope.region(),
                    CredentialScope.SERVICE,
                    CredentialScope.TERMINATOR
                }) {
            key = mac(key).doFinal(part.getBytes(StandardCharsets.UTF_8));
        }
        return new SigningKey(mac(key));
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    /** The signature of a string, in lower-case hex. */
    String sign(String stringToSign) {
        try {
            Mac mac = (Mac) prototype.clone();
            return HexFormat.of()
                    .formatHex(mac.doFinal(stringToSign.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own MACs can be cloned", e);
        }
    }
}
