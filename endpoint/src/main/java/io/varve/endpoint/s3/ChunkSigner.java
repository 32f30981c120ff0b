package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The chain of signatures over the chunks of a body: each covers the one before, the first the
 * request's own. Not safe for use by several threads.
 */
final class ChunkSigner {
    private final SigningKey key;
    private final String date;
    private final CredentialScope scope;
    private String previous;

    ChunkSigner(SigningKey key, String date, CredentialScope scope, String requestSignature) {
        this.key = key;
        this.date = date;
        this.scope = scope;
        this.previous = requestSignature;
    }

    /** Whether this is the signature of the next chunk, whose bytes have this digest. */
    boolean verifyChunk(String signature, String chunkSha256) {
        return verify(
                signature,
                "AWS4-HMAC-SHA256-PAYLOAD\n"
                        + date
                        + "\n"
                        + scope
                        + "\n"
                        + previous
                        + "\n"
                        + Digests.EMPTY_SHA256
                        + "\n"
                        + chunkSha256);
    }

    /** Whether this is the signature of the headers after the last chunk. */
    boolean verifyTrailer(String signature, String trailersSha256) {
        return verify(
                signature,
                "AWS4-HMAC-SHA256-TRAILER\n"
                        + date
                        + "\n"
                        + scope
                        + "\n"
                        + previous
                        + "\n"
                        + trailersSha256);
    }

    private boolean verify(String signature, String stringToSign) {
        String expected = key.sign(stringToSign);
        previous = expected;
        return sameSignature(expected, signature);
    }

    /** In a time that does not depend on where they differ. */
    static boolean sameSignature(String expected, String given) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
