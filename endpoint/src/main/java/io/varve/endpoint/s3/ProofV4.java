package io.varve.endpoint.s3;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A signature of Version 4 and what it was made over. Some clients sign the path with the escapes
 * they send (an escaped slash, say). Both forms name the same key, so it is as safe to take the one
 * as the other.
 */
final class ProofV4 implements Proof {
    private final S3Request request;
    private final SignatureClaim claim;
    private final String path;
    private final String canonical;
    private final String stringToSign;

    ProofV4(S3Request request, SignatureClaim claim) {
        this.request = request;
        this.claim = claim;
        this.path = CanonicalRequest.path(request.http().rawPath());
        this.canonical = canonical(path);
        this.stringToSign = CanonicalRequest.stringToSign(canonical, claim.date(), claim.scope());
    }

    @Override
    public String accessKey() {
        return claim.accessKey();
    }

    @Override
    public List<String> stringsToSign() {
        String rawPath = request.http().rawPath();
        return path.equals(rawPath) ? List.of(stringToSign) : List.of(stringToSign, asSent());
    }

    private String asSent() {
        return CanonicalRequest.stringToSign(
                canonical(request.http().rawPath()), claim.date(), claim.scope());
    }

    @Override
    public String signature() {
        return claim.signature();
    }

    @Override
    public boolean madeWith(String secretKey) {
        return madeWith(SigningKey.derive(secretKey, claim.scope()));
    }

    boolean madeWith(SigningKey key) {
        if (ChunkSigner.sameSignature(key.sign(stringToSign), claim.signature())) {
            return true;
        }
        return !path.equals(request.http().rawPath())
                && ChunkSigner.sameSignature(key.sign(asSent()), claim.signature());
    }

    /** What S3 tells its sender, to find out where the two differ. */
    S3Refusal refusal() {
        return S3Error.SIGNATURE_DOES_NOT_MATCH
                .refusal()
                .with("AWSAccessKeyId", claim.accessKey())
                .with("StringToSign", stringToSign)
                .with("SignatureProvided", claim.signature())
                .with("StringToSignBytes", spacedHex(stringToSign))
                .with("CanonicalRequest", canonical)
                .with("CanonicalRequestBytes", spacedHex(canonical));
    }

    private String canonical(String asPath) {
        return CanonicalRequest.of(
                request.method(),
                asPath,
                request.query(),
                request.headers(),
                claim.signedHeaders(),
                claim.payloadHash());
    }

    private static String spacedHex(String text) {
        return HexFormat.ofDelimiter(" ").formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
