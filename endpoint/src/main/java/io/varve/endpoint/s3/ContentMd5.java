package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.util.Base64;

/** What a request says of its body in {@code Content-MD5}, or nothing. */
final class ContentMd5 {
    private static final int MD5_BYTES = 16;

    private final byte @Nullable [] expected;

    private ContentMd5(byte @Nullable [] expected) {
        this.expected = expected;
    }

    /** {@code InvalidDigest} when the header is there but cannot be an MD5. */
    static ContentMd5 of(S3Request request) {
        String header = request.header("content-md5");
        if (header == null) {
            return new ContentMd5(null);
        }
        try {
            byte[] md5 = Base64.getDecoder().decode(header.strip());
            if (md5.length == MD5_BYTES) {
                return new ContentMd5(md5);
            }
        } catch (IllegalArgumentException e) {
            // Not base64: refused below, like one of another length.
        }
        throw S3Error.INVALID_DIGEST.refusal().with("Content-MD5", header);
    }

    boolean sent() {
        return expected != null;
    }

    void verify(byte[] computed) {
        if (expected != null && !MessageDigest.isEqual(expected, computed)) {
            throw S3Error.BAD_DIGEST
                    .refusal()
                    .with("ExpectedDigest", Base64.getEncoder().encodeToString(expected))
                    .with("CalculatedDigest", Base64.getEncoder().encodeToString(computed));
        }
    }
}
