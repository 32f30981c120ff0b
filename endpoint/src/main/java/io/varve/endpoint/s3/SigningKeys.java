package io.varve.endpoint.s3;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signing keys that requests were signed with lately, so that not every request pays for four
 * derivations. Safe for use by many threads.
 *
 * <p>Only the holder of a secret can fill it ({@link #keep} is called once a signature has been
 * found right), and it is emptied when it is full, so its size has a bound.
 */
final class SigningKeys {
    private static final int MAX_KEYS = 4096;

    private final Map<Name, SigningKey> keys = new ConcurrentHashMap<>();

    /** The secret is part of the name: a key whose secret has changed is another key. */
    private record Name(String accessKey, String secretKey, CredentialScope scope) {}

    SigningKey of(Credential credential, CredentialScope scope) {
        SigningKey kept = keys.get(name(credential, scope));
        return kept != null ? kept : SigningKey.derive(credential.secretKey(), scope);
    }

    void keep(Credential credential, CredentialScope scope, SigningKey key) {
        Name name = name(credential, scope);
        if (keys.containsKey(name)) {
            return;
        }
        if (keys.size() >= MAX_KEYS) {
            keys.clear();
        }
        keys.put(name, key);
    }

    private static Name name(Credential credential, CredentialScope scope) {
        return new Name(credential.accessKey(), credential.secretKey(), scope);
    }
}
