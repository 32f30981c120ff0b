package io.varve.endpoint.sync;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who signs a request to another site knows two secrets: the realm's, which its operators share,
 * and the container's, which their users do. The form is Swift's, HMAC-SHA1 included.
 */
public final class SyncSignature {
    private static final String ALGORITHM = "HmacSHA1";

    private SyncSignature() {}

    /**
     * What is signed.
     *
     * @param path of the URL, escaped as Swift escapes
     * @param timestamp as the header {@code X-Timestamp} has it; {@code 0} without one
     */
    public record Signed(String method, String path, String timestamp) {}

    static String of(Signed signed, String nonce, String realmKey, String containerKey) {
        String text =
                String.join(
                        "\n",
                        signed.method(),
                        signed.path(),
                        signed.timestamp(),
                        nonce,
                        containerKey);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(realmKey.getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /**
     * Whether the header {@code X-Container-Sync-Auth} (realm, nonce, signature) holds for a
     * request.
     *
     * @param containerKey empty for a container that nobody may sync to
     */
    public static boolean holds(
            String header, SyncRealms realms, String containerKey, Signed signed) {
        String[] words = header.strip().split("\\s+", -1);
        if (words.length != 3 || containerKey.isEmpty()) {
            return false;
        }
        SyncRealms.Realm realm = realms.realm(words[0]).orElse(null);
        if (realm == null) {
            return false;
        }
        String key2 = realm.key2();
        return matches(words[2], of(signed, words[1], realm.key(), containerKey))
                || (key2 != null && matches(words[2], of(signed, words[1], key2, containerKey)));
    }

    private static boolean matches(String claimed, String expected) {
        return MessageDigest.isEqual(
                claimed.getBytes(StandardCharsets.UTF_8),
                expected.getBytes(StandardCharsets.UTF_8));
    }
}
