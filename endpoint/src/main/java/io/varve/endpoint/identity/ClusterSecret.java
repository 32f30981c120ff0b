package io.varve.endpoint.identity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the endpoints of a cluster know and nobody else does: the keys that they must have in common
 * are made of it, so that none of them has to tell the others. In a file of two lines, for its
 * owner only:
 *
 * <pre>
 * varve-cluster-secret 1
 * BASE64           32 bytes
 * </pre>
 */
public final class ClusterSecret {
    public static final String FORM = "varve-cluster-secret 1";

    private final byte[] secret;

    private ClusterSecret(byte[] secret) {
        this.secret = secret;
    }

    /**
     * @throws IdentityException when the file cannot be used
     */
    public static ClusterSecret read(Path file) {
        String[] lines;
        try {
            lines = Files.readString(file).split("\n", -1);
        } catch (IOException e) {
            throw new IdentityException("the cluster's secret cannot be read: " + file, e);
        }
        try {
            if (lines.length == 3 && lines[0].equals(FORM)) {
                byte[] secret = Base64.getDecoder().decode(lines[1]);
                if (secret.length == SealedBox.KEY_BYTES) {
                    return new ClusterSecret(secret);
                }
            }
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new IdentityException("not a cluster's secret, or of a newer form: " + file);
    }

    /** The text of a file with a new secret. */
    public static String fresh() {
        return FORM
                + "\n"
                + Base64.getEncoder().encodeToString(Ids.bytes(SealedBox.KEY_BYTES))
                + "\n";
    }

    /** A key for one purpose: the same wherever the secret is, and telling nothing of others. */
    byte[] key(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
