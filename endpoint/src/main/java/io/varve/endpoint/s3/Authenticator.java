package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
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
        ProofV4 proof = new ProofV4(request, claim);
        Credential credential = credentials.find(claim.accessKey()).orElse(null);
        SigningKey key = credential == null ? null : keys.of(credential, claim.scope());
        if (credential == null || key == null || !proof.madeWith(key)) {
            credential = vouched(proof);
            key = credential.secretKey().isEmpty() ? null : keys.of(credential, claim.scope());
        }
        if (key != null) {
            keys.keep(credential, claim.scope(), key);
        }
        return new Authentication(
                credential, claim.scope(), payload, chunkSigner(claim, payload, key));
    }

    private Credential vouched(ProofV4 proof) {
        return switch (credentials.vouch(proof)) {
            case Vouching.Vouched(Credential credential) -> credential;
            case Vouching.UnknownKey() -> throw unknownKey(proof.accessKey());
            case Vouching.WrongSignature() -> throw proof.refusal();
        };
    }

    private static @Nullable ChunkSigner chunkSigner(
            SignatureClaim claim, PayloadClaim payload, @Nullable SigningKey key) {
        if (!(payload instanceof PayloadClaim.Chunked chunked) || !chunked.signed()) {
            return null;
        }
        if (key == null) {
            throw S3Error.NOT_IMPLEMENTED.refusal(
                    "Signed chunks cannot be checked here: the identity service does not give this"
                            + " site the secrets of access keys.");
        }
        return new ChunkSigner(key, claim.date(), claim.scope(), claim.signature());
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
}
