package io.varve.endpoint.s3;

import java.io.IOException;
import java.io.InputStream;

/** The XML that some requests carry: small, so read whole, and verified like any other body. */
final class RequestDocument {
    /** A thousand keys of the greatest length fit, escaped, as do ten thousand parts. */
    static final int MAX_BYTES = 8 * 1024 * 1024;

    /** For configurations, none of which is ever long. */
    static final int MAX_SETTINGS_BYTES = 64 * 1024;

    private RequestDocument() {}

    /** The bytes; none when the request has no body. {@code MaxMessageLengthExceeded} above. */
    static byte[] read(S3Call call, int maxBytes) throws IOException {
        return read(call, ChecksumClaim.of(call.request()), maxBytes);
    }

    /**
     * @param checksum of the document itself: where the request's checksum headers speak of an
     *     object, this is not what they say
     */
    static byte[] read(S3Call call, ChecksumClaim checksum, int maxBytes) throws IOException {
        if (call.request().http().contentLength().isEmpty() && !call.request().http().chunked()) {
            requireEmptyPayload(call);
            return new byte[0];
        }
        PayloadBody body;
        try {
            body = PayloadBody.of(call, checksum, maxBytes);
        } catch (S3Refusal refusal) {
            throw refusal.error() == S3Error.ENTITY_TOO_LARGE ? tooLong(maxBytes) : refusal;
        }
        byte[] document;
        try (InputStream stream = body.stream()) {
            document = stream.readAllBytes();
        }
        if (body.wantsMd5()) {
            body.verifyMd5(Digests.md5().digest(document));
        }
        return document;
    }

    /** A body that was signed and did not come has been taken out on the way. */
    private static void requireEmptyPayload(S3Call call) {
        if (call.authentication().payload() instanceof PayloadClaim.Hashed(String sha256)
                && !sha256.equals(Digests.EMPTY_SHA256)) {
            throw S3Error.X_AMZ_CONTENT_SHA256_MISMATCH
                    .refusal()
                    .with("ClientComputedContentSHA256", sha256)
                    .with("S3ComputedContentSHA256", Digests.EMPTY_SHA256);
        }
    }

    private static S3Refusal tooLong(int maxBytes) {
        return S3Error.MAX_MESSAGE_LENGTH_EXCEEDED
                .refusal()
                .with("MaxMessageLengthBytes", maxBytes);
    }
}
