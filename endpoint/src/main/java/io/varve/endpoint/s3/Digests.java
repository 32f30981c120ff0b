package io.varve.endpoint.s3;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Message digests. New ones are clones of a prototype that is never updated: several times cheaper
 * than a look-up at the security providers, and safe for many threads.
 */
final class Digests {
    static final String EMPTY_SHA256 =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static final MessageDigest MD5 = prototype("MD5");
    private static final MessageDigest SHA1 = prototype("SHA-1");
    private static final MessageDigest SHA256 = prototype("SHA-256");

    private Digests() {}

    static MessageDigest md5() {
        return cloned(MD5);
    }

    static MessageDigest sha1() {
        return cloned(SHA1);
    }

    static MessageDigest sha256() {
        return cloned(SHA256);
    }

    static String sha256Hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static MessageDigest prototype(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static MessageDigest cloned(MessageDigest prototype) {
        try {
            return (MessageDigest) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    "the JDK's own digests can be cloned: " + prototype.getAlgorithm(), e);
        }
    }
}
