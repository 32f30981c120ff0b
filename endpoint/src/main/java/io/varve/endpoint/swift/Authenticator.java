package io.varve.endpoint.swift;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Identity.Named;
import io.varve.endpoint.identity.Tokens;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Set;

/** Tells who sent a request and what they are to its account. Safe for use by many threads. */
final class Authenticator {
    private final Tokens tokens;
    private final SwiftConfig config;

    Authenticator(Tokens tokens, SwiftConfig config) {
        this.tokens = tokens;
        this.config = config;
    }

    /**
     * @throws SwiftRefusal when the request shows a token that is none
     */
    @Nullable Identity sender(SwiftRequest request) {
        String token = request.headerOrEmpty("x-auth-token");
        if (token.isEmpty()) {
            token = request.headerOrEmpty("x-storage-token");
        }
        if (token.isEmpty()) {
            return null;
        }
        return tokens.identify(token)
                .orElseThrow(() -> SwiftCall.unauthorized(request.path().account()));
    }

    AccountRole role(@Nullable Identity sender, String project) {
        if (sender == null) {
            return AccountRole.NONE;
        }
        if (hasOneOf(sender, config.resellerRoles())) {
            return AccountRole.RESELLER;
        }
        Named own = sender.project();
        if (own == null || !own.id().equals(project)) {
            return AccountRole.NONE;
        }
        if (hasOneOf(sender, config.operatorRoles())) {
            return AccountRole.OWNER;
        }
        return hasOneOf(sender, config.readerRoles()) ? AccountRole.READER : AccountRole.NONE;
    }

    private static boolean hasOneOf(Identity sender, Set<String> roles) {
        return !Collections.disjoint(sender.roles(), roles);
    }
}
