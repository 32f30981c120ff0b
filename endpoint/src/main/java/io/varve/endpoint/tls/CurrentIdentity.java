package io.varve.endpoint.tls;

import org.jspecify.annotations.Nullable;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Answers every handshake with the identity of the moment; one under way keeps the identity it
 * began with. Safe for use by many threads.
 */
final class CurrentIdentity extends X509ExtendedKeyManager {
    private static final String ALIAS_PREFIX = "varve-";

    private volatile Generation current;
    private volatile Generation previous;

    private record Generation(int number, Identity identity) {
        String alias() {
            return ALIAS_PREFIX + number;
        }
    }

    CurrentIdentity(Identity identity) {
        this.current = new Generation(0, identity);
        this.previous = current;
    }

    void replace(Identity identity) {
        previous = current;
        current = new Generation(current.number() + 1, identity);
    }

    Identity identity() {
        return current.identity();
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Generation now = current;
        return now.identity().key().getAlgorithm().equals(keyType) ? now.alias() : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = byAlias(alias);
        return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = byAlias(alias);
        return identity == null ? null : identity.key();
    }

    private @Nullable Identity byAlias(String alias) {
        Generation now = current;
        Generation before = previous;
        if (now.alias().equals(alias)) {
            return now.identity();
        }
        return before.alias().equals(alias) ? before.identity() : null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
