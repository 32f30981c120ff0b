package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * A request whose signature has been found right, or that shows none.
 *
 * @param payload what the signature says of the body, still to be verified as it is read
 * @param scope the region the client believes in is in it
 * @param chunkSigner continues the chain of signatures into a body of signed chunks; else null
 */
record Authentication(
        Credential credential,
        CredentialScope scope,
        PayloadClaim payload,
        @Nullable ChunkSigner chunkSigner) {
    private static final Credential NOBODY = new Credential("", "", "", "anonymous", Set.of());

    /** A request that shows no signature at all. */
    static Authentication anonymous(S3Request request, String region) {
        String hash = request.header("x-amz-content-sha256");
        PayloadClaim payload = hash == null ? new PayloadClaim.Unsigned() : PayloadClaim.of(hash);
        if (payload instanceof PayloadClaim.Chunked(boolean signed, _) && signed) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        return new Authentication(NOBODY, new CredentialScope("", region), payload, null);
    }

    boolean isAnonymous() {
        return credential.equals(NOBODY);
    }
}
