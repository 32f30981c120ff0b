package io.varve.endpoint.swift;

import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.Caller;

import org.jspecify.annotations.Nullable;

/**
 * A request whose sender is known: what an operation is given.
 *
 * @param account the project whose account the path names, without the reseller's prefix
 * @param sender null for one who shows no token
 * @param signed what a signed URL gives whoever holds it; null without one
 * @param synced what another site says of its object; null for every other request
 */
record SwiftCall(
        SwiftRequest request,
        String account,
        @Nullable Identity sender,
        AccountRole role,
        TempUrls.@Nullable Signed signed,
        SyncRequests.@Nullable Synced synced) {

    SwiftCall(SwiftRequest request, String account, @Nullable Identity sender, AccountRole role) {
        this(request, account, sender, role, null, null);
    }

    /** Of whoever holds a signed URL. */
    static SwiftCall signed(SwiftRequest request, String account, TempUrls.Signed signed) {
        return new SwiftCall(request, account, null, AccountRole.NONE, signed, null);
    }

    /** Of another site that keeps a container as it is there. */
    static SwiftCall synced(SwiftRequest request, String account, SyncRequests.Synced synced) {
        return new SwiftCall(request, account, null, AccountRole.NONE, null, synced);
    }

    private static final String ANONYMOUS = "anonymous";
    private static final String TEMP_URL = "tempurl";
    private static final String SYNC = "container-sync:";

    /** The same sender with another request. What was signed is the outer request alone. */
    SwiftCall inner(SwiftRequest other) {
        return new SwiftCall(other, account, sender, role, null, null);
    }

    Caller caller() {
        return new Caller(account, principal(), request.http().id());
    }

    String principal() {
        Identity identity = sender;
        if (identity != null) {
            return identity.user().id();
        }
        if (synced != null) {
            return SYNC + synced.realm();
        }
        return signed == null ? ANONYMOUS : TEMP_URL;
    }

    boolean isOwner() {
        return role == AccountRole.OWNER || isReseller();
    }

    /** Whether they may make, change and delete containers. */
    boolean mayWrite() {
        return isOwner() || role == AccountRole.WRITER;
    }

    boolean isReseller() {
        return role == AccountRole.RESELLER;
    }

    SwiftPath path() {
        return request.path();
    }

    String containerName() {
        return request.path().container();
    }

    String objectName() {
        return request.path().object();
    }

    SwiftQuery query() {
        return request.query();
    }

    @Nullable String header(String lowerCaseName) {
        return request.header(lowerCaseName);
    }

    HttpResponse.Builder respond(int status) {
        return request.respond(status);
    }

    /** An answer that consists of its status and the page that goes with it. */
    HttpResponse page(StatusPage page) {
        return page(page, respond(page.status()));
    }

    HttpResponse page(StatusPage page, HttpResponse.Builder out) {
        return out.header("Content-Type", "text/html; charset=UTF-8").body(page.html());
    }

    /** What is told to somebody who may not. */
    SwiftRefusal denied() {
        return sender == null ? unauthorized(path().account()) : StatusPage.FORBIDDEN.refusal();
    }

    static SwiftRefusal unauthorized(String account) {
        String realm = account.isEmpty() ? "unknown" : Percent.encode(account);
        return StatusPage.UNAUTHORIZED
                .refusal()
                .header("Www-Authenticate", "Swift realm=\"" + realm + "\"");
    }
}
