package io.varve.endpoint.swift;

import io.varve.endpoint.access.Requester;
import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Tokens;

import org.jspecify.annotations.Nullable;

/** Tells who sent a request and what they are to its account. Safe for use by many threads. */
final class Authenticator {
    private final Tokens tokens;

    Authenticator(Tokens tokens) {
        this.tokens = tokens;
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
        Requester requester = SwiftAccess.requester(sender);
        if (requester.isAdmin()) {
            return AccountRole.RESELLER;
        }
        if (requester.owns(project)) {
            return AccountRole.OWNER;
        }
        return requester.reads(project) ? AccountRole.READER : AccountRole.NONE;
    }
}
