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
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/** Accounts as a whole: they exist as soon as there is a project. Safe for use by many threads. */
final class AccountOperations {
    private static final int SUM_PAGE = 1000;

    private final AccountListing listing;
    private final ObjectStore store;
    private final SwiftConfig config;
    private final ToLongFunction<String> createdMicros;

    AccountOperations(ObjectStore store, SwiftConfig config, ToLongFunction<String> createdMicros) {
        this.store = store;
        this.config = config;
        this.createdMicros = createdMicros;
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
                        .header(
                                "X-Timestamp",
                                Times.timestamp(createdMicros.applyAsLong(call.account())))
                        .header("Accept-Ranges", "bytes");
        policies(account)
                .forEach(
                        (policy, sums) -> addSums(out, "X-Account-Storage-Policy-" + policy, sums));
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

    /** What an account has of one storage policy. */
    private record Sums(long containers, long objects, long sizeBytes) {
        Sums plus(Bucket bucket) {
            return new Sums(
                    containers + 1, objects + bucket.objectCount(), sizeBytes + bucket.sizeBytes());
        }
    }

    private static void addSums(HttpResponse.Builder out, String prefix, Sums sums) {
        out.header(prefix + "-Container-Count", Long.toString(sums.containers()))
                .header(prefix + "-Object-Count", Long.toString(sums.objects()))
                .header(prefix + "-Bytes-Used", Long.toString(sums.sizeBytes()));
    }

    /** By policy, those of which there is a container. With one policy it is all of them. */
    private Map<String, Sums> policies(Account account) {
        String first = config.policies().getFirst();
        if (account.bucketCount() == 0) {
            return Map.of();
        }
        if (config.policies().size() == 1) {
            return Map.of(
                    first,
                    new Sums(account.bucketCount(), account.objectCount(), account.sizeBytes()));
        }
        Map<String, Sums> sums = new TreeMap<>();
        List<Bucket> page;
        String after = null;
        do {
            page = store.view().buckets(account.name(), "", after, SUM_PAGE);
            for (Bucket bucket : page) {
                String policy = bucket.settings().getOrDefault(ContainerSettings.POLICY, first);
                sums.put(policy, sums.getOrDefault(policy, new Sums(0, 0, 0)).plus(bucket));
                after = bucket.name();
            }
        } while (page.size() == SUM_PAGE);
        return sums;
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
