package io.varve.endpoint.s3;

import org.jspecify.annotations.Nullable;

/**
 * A request whose signature has been found right.
 *
 * @param payload what the signature says of the body, still to be verified as it is read
 * @param scope the region the client believes in is in it
 * @param chunkSigner continues the chain of signatures into a body of signed chunks; else null
 */
record Authentication(
        Credential credential,
        CredentialScope scope,
        PayloadClaim payload,
        @Nullable ChunkSigner chunkSigner) {}
