package io.varve.endpoint.serve;

import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Credentials;
import io.varve.endpoint.s3.Proof;
import io.varve.endpoint.s3.Vouching;

import java.util.Optional;

/**
 * The root credential before all others, so that nobody can take its name. Safe for use by many
 * threads as far as the others are.
 */
record RootFirst(Credential root, Credentials others) implements Credentials {
    @Override
    public Optional<Credential> find(String accessKey) {
        return accessKey.equals(root.accessKey()) ? Optional.of(root) : others.find(accessKey);
    }

    @Override
    public Vouching vouch(Proof proof) {
        return proof.accessKey().equals(root.accessKey())
                ? new Vouching.WrongSignature()
                : others.vouch(proof);
    }
}
