package io.varve.endpoint.swift;

import io.varve.endpoint.access.AccountAccess;
import io.varve.endpoint.access.Requester;
import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.identity.Tokens;
import io.varve.endpoint.store.ObjectStore;

import org.jspecify.annotations.Nullable;

/** Tells who sent a request and what they are to its account. Safe for use by many threads. */
final class Authenticator {
    private final Tokens tokens;
    private final ObjectStore store;

    Authenticator(Tokens tokens, ObjectStore store) {
        this.tokens = tokens;
        this.store = store;
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
        if (requester.isAnonymous()) {
            return AccountRole.NONE;
        }
        AccountAccess delegated = AccountAccess.of(store.view().account(project).settings());
        if (delegated.administers(requester)) {
            return AccountRole.OWNER;
        }
        if (delegated.writes(requester)) {
            return AccountRole.WRITER;
        }
        return requester.reads(project) || delegated.reads(requester)
                ? AccountRole.READER
                : AccountRole.NONE;
    }
}
