package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.StringJoiner;

/**
 * Verifies the signature of a request, in the Authorization header or in the query: Version 4, or
 * {@link SignatureV2} where the site allows it. Safe for use by many threads.
 *
 * <p>A signature of Version 4 must cover the Host header and every {@code x-amz-*} header, so that
 * nobody in between can add what changes the meaning of a request.
 */
final class Authenticator {
    private final Credentials credentials;
    private final S3Config config;
    private final SigningKeys keys = new SigningKeys();

    Authenticator(Credentials credentials, S3Config config) {
        this.credentials = credentials;
        this.config = config;
    }

    Authentication authenticate(S3Request request, Instant now) {
        if (SignatureV2.claimedBy(request)) {
            if (!config.signatureV2()) {
                throw S3Error.INVALID_REQUEST.refusal(
                        "The authorization mechanism you have provided is not supported. Please use"
                                + " AWS4-HMAC-SHA256.");
            }
            return SignatureV2.authenticate(request, credentials, config.region(), now);
        }
        if (!SignatureClaims.claimedBy(request)) {
            return Authentication.anonymous(request, config.region());
        }
        SignatureClaim claim = SignatureClaims.of(request, now);
        requireCovered(request, claim);
        if (request.hasHeader("x-amz-security-token")
                || request.query().has("X-Amz-Security-Token")) {
            throw S3Error.INVALID_TOKEN.refusal();
        }
        PayloadClaim payload = PayloadClaim.of(claim.payloadHash());
        Credential credential =
                credentials
                        .find(claim.accessKey())
                        .orElseThrow(() -> unknownKey(claim.accessKey()));
        SigningKey key = keys.of(credential, claim.scope());
        requireSignature(request, claim, key);
        keys.keep(credential, claim.scope(), key);
        boolean signedChunks = payload instanceof PayloadClaim.Chunked chunked && chunked.signed();
        return new Authentication(
                credential,
                claim.scope(),
                payload,
                signedChunks
                        ? new ChunkSigner(key, claim.date(), claim.scope(), claim.signature())
                        : null);
    }

    static S3Refusal unknownKey(String accessKey) {
        return S3Error.INVALID_ACCESS_KEY_ID.refusal().with("AWSAccessKeyId", accessKey);
    }

    private static void requireCovered(S3Request request, SignatureClaim claim) {
        StringJoiner unsigned = new StringJoiner(", ");
        List<String> signed = claim.signedHeaders();
        if (!signed.contains("host")) {
            unsigned.add("host");
        }
        for (String name : request.headers().keySet()) {
            if (name.startsWith("x-amz-") && !signed.contains(name)) {
                unsigned.add(name);
            }
        }
        if (unsigned.length() > 0) {
            throw S3Error.ACCESS_DENIED
                    .refusal("There were headers present in the request which were not signed")
                    .with("HeadersNotSigned", unsigned.toString());
        }
    }

    private static void requireSignature(S3Request request, SignatureClaim claim, SigningKey key) {
        String rawPath = request.http().rawPath();
        String path = CanonicalRequest.path(rawPath);
        String canonical = canonical(request, claim, path);
        String stringToSign = CanonicalRequest.stringToSign(canonical, claim.date(), claim.scope());
        if (ChunkSigner.sameSignature(key.sign(stringToSign), claim.signature())) {
            return;
        }
        // Some clients sign the path with the escapes they send (an escaped slash, say). Both forms
        // name the same key, so it is as safe to take the one as the other.
        if (!path.equals(rawPath)) {
            String asSent =
                    CanonicalRequest.stringToSign(
                            canonical(request, claim, rawPath), claim.date(), claim.scope());
            if (ChunkSigner.sameSignature(key.sign(asSent), claim.signature())) {
                return;
            }
        }
        throw S3Error.SIGNATURE_DOES_NOT_MATCH
                .refusal()
                .with("AWSAccessKeyId", claim.accessKey())
                .with("StringToSign", stringToSign)
                .with("SignatureProvided", claim.signature())
                .with("StringToSignBytes", spacedHex(stringToSign))
                .with("CanonicalRequest", canonical)
                .with("CanonicalRequestBytes", spacedHex(canonical));
    }

    private static String canonical(S3Request request, SignatureClaim claim, String path) {
        return CanonicalRequest.of(
                request.method(),
                path,
                request.query(),
                request.headers(),
                claim.signedHeaders(),
                claim.payloadHash());
    }

    private static String spacedHex(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
