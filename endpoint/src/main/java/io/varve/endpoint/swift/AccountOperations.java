package io.varve.endpoint.swift;

import io.varve.endpoint.access.AccessListException;
import io.varve.endpoint.access.AccountAccess;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.AccountChange;
import io.varve.journal.record.SettingNames;
import io.varve.projections.namespace.Account;
import io.varve.projections.namespace.Bucket;

import java.util.List;

/** Accounts as a whole: they exist as soon as there is a project. Safe for use by many threads. */
final class AccountOperations {
    private final AccountListing listing;
    private final ObjectStore store;

    AccountOperations(ObjectStore store) {
        this.store = store;
        this.listing = new AccountListing(store);
    }

    HttpResponse get(SwiftCall call) {
        ListingFormat format = ListingFormat.of(call.request());
        ListingQuery query = ListingQuery.of(call.query());
        requireReadable(call);
        List<Listing.Entry<Bucket>> entries = listing.entries(call.account(), query);
        boolean nothing = entries.isEmpty() && format == ListingFormat.TEXT;
        HttpResponse.Builder out = describe(call, format, nothing ? 204 : 200);
        return out.body(AccountListing.written(format, call.path().account(), entries));
    }

    HttpResponse head(SwiftCall call) {
        ListingFormat format = ListingFormat.of(call.request());
        requireReadable(call);
        return describe(call, format, 204).build();
    }

    private static void requireReadable(SwiftCall call) {
        if (call.role() == AccountRole.NONE) {
            throw call.denied();
        }
    }

    private HttpResponse.Builder describe(SwiftCall call, ListingFormat format, int status) {
        Account account = store.view().account(call.account());
        long containers = account.bucketCount();
        long objects = account.objectCount();
        long bytes = account.sizeBytes();
        HttpResponse.Builder out =
                call.respond(status)
                        .header("Content-Type", format.contentType())
                        .header("X-Account-Container-Count", Long.toString(containers))
                        .header("X-Account-Object-Count", Long.toString(objects))
                        .header("X-Account-Bytes-Used", Long.toString(bytes))
                        .header("X-Timestamp", Times.timestamp(0))
                        .header("Accept-Ranges", "bytes");
        account.settings()
                .forEach(
                        (setting, value) -> {
                            String header = SettingsChange.header(UserMetadata.ACCOUNT, setting);
                            if (header != null
                                    && (call.isOwner() || !ContainerSettings.isSecret(header))) {
                                out.header(header, value);
                            }
                        });
        String access = account.settings().get(AccountAccess.SETTING);
        if (access != null && call.isOwner()) {
            out.header("X-Account-Access-Control", access);
        }
        if (call.query().first("format") == null) {
            out.header("Vary", "Accept");
        }
        return out;
    }

    private static void readAccess(SwiftCall call, SettingsChange change) {
        String text = call.header("x-account-access-control");
        if (text == null && call.request().hasHeader("x-remove-account-access-control")) {
            text = "";
        }
        if (text == null) {
            return;
        }
        try {
            change.put(AccountAccess.SETTING, AccountAccess.normalized(text));
        } catch (AccessListException e) {
            throw new SwiftRefusal(
                    StatusPage.BAD_REQUEST,
                    "X-Account-Access-Control invalid: %s\n\nInput: %s\n"
                            .formatted(e.getMessage(), text),
                    "text/plain; charset=UTF-8");
        }
    }

    HttpResponse post(SwiftCall call) {
        if (!call.isOwner()) {
            throw call.denied();
        }
        SettingsChange change = SettingsChange.ofAccount(call);
        readAccess(call, change);
        if ((change.set().containsKey(SettingNames.QUOTA_BYTES)
                        || change.removed().contains(SettingNames.QUOTA_BYTES))
                && !call.isReseller()) {
            throw StatusPage.FORBIDDEN.refusal();
        }
        change.requireFits(store.view().account(call.account()).settings());
        if (!change.isEmpty()) {
            Outcomes.expectApplied(
                    store.change(
                            call.caller(),
                            new AccountChange.ChangeAccountSettings(
                                    call.account(), change.set(), change.removed())));
        }
        return call.page(StatusPage.OK, call.respond(204));
    }
}
