package io.varve.endpoint.identity;

import io.varve.endpoint.tls.PrivateFile;
import io.varve.journal.record.KeptSecret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key under which secrets that must be read back are in the journal: {@value #FILE_NAME} in the
 * data directory, for its owner only. Whoever has journal and key has the secrets; without the key
 * they are lost, and access keys have to be made anew. A second site needs a copy of it.
 *
 * <pre>
 * varve-site-key 1
 * 44 characters of Base64
 * </pre>
 *
 * <p>Safe for use by many threads.
 */
public final class SiteKey {
    public static final String FILE_NAME = "site-key";

    private static final String FORM = "varve-site-key 1";
    private static final String SCHEME = "aes256gcm";
    private static final int KEY_NAME_BYTES = 4;

    private final byte[] key;
    private final SealedBox box;

    /** Tells keys apart in messages and in what they sealed; says nothing about the key. */
    private final String name;

    private SiteKey(byte[] key) {
        this.key = key.clone();
        this.box = new SealedBox(key);
        this.name = HexFormat.of().formatHex(Arrays.copyOf(sha256(key), KEY_NAME_BYTES));
    }

    /**
     * Reads the key of a directory.
     *
     * @param mayMake whether a directory without one gets a new one: only while nothing is sealed
     * @throws IdentityException when there is none or it cannot be read
     */
    public static SiteKey open(Path directory, boolean mayMake) {
        Path file = directory.resolve(FILE_NAME);
        try {
            return new SiteKey(read(file));
        } catch (NoSuchFileException e) {
            if (!mayMake) {
                throw new IdentityException(
                        file
                                + " is not there, and secrets in the journal are encrypted with it:"
                                + " bring it back from a backup",
                        e);
            }
        } catch (IOException e) {
            throw new IdentityException("the site key cannot be read: " + file, e);
        }
        byte[] fresh = Ids.bytes(SealedBox.KEY_BYTES);
        try {
            PrivateFile.write(file, FORM + "\n" + Base64.getEncoder().encodeToString(fresh) + "\n");
        } catch (IOException e) {
            throw new IdentityException("the site key cannot be kept: " + file, e);
        }
        return new SiteKey(fresh);
    }

    /** The one that the endpoints of a cluster have. */
    static SiteKey of(ClusterSecret secret) {
        return new SiteKey(secret.key("site key"));
    }

    private static byte[] read(Path file) throws IOException {
        String[] lines = Files.readString(file).split("\n", -1);
        try {
            if (lines.length == 3 && lines[0].equals(FORM)) {
                byte[] key = Base64.getDecoder().decode(lines[1]);
                if (key.length == SealedBox.KEY_BYTES) {
                    return key;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IdentityException("not a site key: " + file, e);
        }
        throw new IdentityException("not a site key, or one of a newer form: " + file);
    }

    /**
     * Encrypts a secret.
     *
     * @param owner whose it is, for instance an access key: it opens for no other
     */
    public KeptSecret seal(String secret, String owner) {
        byte[] sealed = box.seal(secret.getBytes(StandardCharsets.UTF_8), owner);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
        return new KeptSecret(SCHEME + "$" + name + "$" + text);
    }

    /**
     * @throws IdentityException when it was sealed with another key or for another owner
     */
    public String open(KeptSecret kept, String owner) {
        String[] parts = kept.text().split("\\$", -1);
        if (parts.length != 3 || !parts[0].equals(SCHEME)) {
            throw new IdentityException("the secret of " + owner + " has an unknown scheme");
        }
        if (!parts[1].equals(name)) {
            throw new IdentityException(
                    "the secret of %s was sealed with site key %s, here is %s"
                            .formatted(owner, parts[1], name));
        }
        byte[] plain = box.open(Base64.getUrlDecoder().decode(parts[2]), owner);
        if (plain == null) {
            throw new IdentityException("the secret of " + owner + " is damaged");
        }
        return new String(plain, StandardCharsets.UTF_8);
    }

    /** Whether a secret was sealed with this key, as far as its name says. */
    boolean sealed(KeptSecret kept) {
        return kept.text().startsWith(SCHEME + "$" + name + "$");
    }

    /** Tells whether a secret is still the same, without telling anybody without the key what. */
    String fingerprint(String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] code = mac.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(code, 16));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
