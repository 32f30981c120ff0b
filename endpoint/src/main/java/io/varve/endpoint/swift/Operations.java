package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.ToLongFunction;

/** Who answers which operation. Safe for use by many threads. */
final class Operations {
    private final AccountOperations accounts;
    private final ContainerOperations containers;
    private final Symlinks symlinks;
    private final Versions versions;
    private final ObjectReads reads;
    private final ObjectWrites writes;
    private final WriteConditions conditions;
    private final ObjectCopies copies;
    private final LargeObjectWrites largeWrites;
    private final StaticWeb web;
    private final BulkDelete bulkDelete;
    private final BulkUpload bulkUpload;
    private final FormPost forms;
    private final CrossOrigin crossOrigin;
    private final SyncWrites syncWrites;

    Operations(
            ObjectStore store,
            Authenticator authenticator,
            SwiftConfig config,
            ToLongFunction<String> accountCreatedMicros) {
        Containers found = new Containers(store);
        accounts = new AccountOperations(store, config, accountCreatedMicros);
        LargeObjects large = new LargeObjects(store);
        symlinks = new Symlinks(store, found, config);
        versions = new Versions(store, found);
        containers = new ContainerOperations(store, found, config, symlinks);
        reads = new ObjectReads(store, found, large, symlinks, versions);
        conditions = new WriteConditions(found, reads);
        largeWrites = new LargeObjectWrites(store, found, large, versions, conditions);
        writes = new ObjectWrites(store, found, symlinks, versions, conditions);
        syncWrites = new SyncWrites(store, found, symlinks);
        web = new StaticWeb(found, new ContainerListing(store), reads);
        bulkDelete = new BulkDelete(store, found, versions);
        bulkUpload = new BulkUpload(found, this);
        crossOrigin = new CrossOrigin(found);
        forms = new FormPost(new TempUrls(store), this);
        copies = new ObjectCopies(store, found, config, authenticator, reads, symlinks, versions);
    }

    HttpResponse perform(SwiftOperation operation, SwiftCall call) throws IOException {
        SyncRequests.Synced synced = call.synced();
        if (synced != null) {
            return syncWrites.handle(call, synced);
        }
        if (StaticWeb.isVisit(call)) {
            HttpResponse page = web.answer(call);
            if (page != null) {
                return page;
            }
        }
        if (isBulkDelete(call)) {
            return bulkDelete.handle(call);
        }
        if (FormPost.isForm(call)) {
            return forms.handle(call);
        }
        if (BulkUpload.isAsked(call)) {
            return bulkUpload.handle(call);
        }
        return switch (operation) {
            case GET_ACCOUNT -> accounts.get(call);
            case HEAD_ACCOUNT -> accounts.head(call);
            case POST_ACCOUNT -> accounts.post(call);
            case PUT_ACCOUNT, DELETE_ACCOUNT -> throw StatusPage.FORBIDDEN.refusal();
            case GET_CONTAINER -> containers.get(call);
            case HEAD_CONTAINER -> containers.head(call);
            case PUT_CONTAINER -> containers.put(call);
            case DELETE_CONTAINER -> containers.delete(call);
            case GET_OBJECT, HEAD_OBJECT -> reads.get(call);
            case PUT_OBJECT -> put(call);
            case DELETE_OBJECT ->
                    "delete".equals(manifest(call))
                            ? largeWrites.delete(call)
                            : writes.delete(call);
            case COPY_OBJECT -> copies.copy(call);
            case POST_CONTAINER -> containers.post(call);
            case POST_OBJECT -> writes.post(call);
            case OPTIONS_ACCOUNT, OPTIONS_CONTAINER, OPTIONS_OBJECT -> crossOrigin.preflight(call);
        };
    }

    private static boolean isBulkDelete(SwiftCall call) {
        String method = call.request().method();
        return call.query().has("bulk-delete")
                && (method.equals("POST") || method.equals("DELETE"));
    }

    private static @Nullable String manifest(SwiftCall call) {
        return call.query().first("multipart-manifest");
    }

    private HttpResponse put(SwiftCall call) throws IOException {
        if (ObjectCopies.isCopy(call.request())) {
            return copies.copy(call);
        }
        if (Versions.isAsked(call)) {
            return versions.restore(call);
        }
        if (Symlinks.isMadeBy(call.request())) {
            return symlinks.put(call, conditions);
        }
        return "put".equals(manifest(call)) ? largeWrites.put(call) : writes.put(call);
    }
}
