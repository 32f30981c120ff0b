package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;

import java.io.IOException;

/** Who answers which operation. Safe for use by many threads. */
final class Operations {
    private final AccountOperations accounts;
    private final ContainerOperations containers;
    private final ObjectReads reads;
    private final ObjectWrites writes;
    private final ObjectCopies copies;

    Operations(ObjectStore store, Authenticator authenticator, SwiftConfig config) {
        Containers found = new Containers(store);
        accounts = new AccountOperations(store);
        containers = new ContainerOperations(store, found, config);
        reads = new ObjectReads(store, found);
        writes = new ObjectWrites(store, found);
        copies = new ObjectCopies(store, found, config, authenticator);
    }

    HttpResponse perform(SwiftOperation operation, SwiftCall call) throws IOException {
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
            case PUT_OBJECT ->
                    ObjectCopies.isCopy(call.request()) ? copies.copy(call) : writes.put(call);
            case DELETE_OBJECT -> writes.delete(call);
            case COPY_OBJECT -> copies.copy(call);
            case POST_CONTAINER -> containers.post(call);
            case POST_OBJECT -> writes.post(call);
            case OPTIONS_ACCOUNT, OPTIONS_CONTAINER, OPTIONS_OBJECT ->
                    call.respond(200)
                            .header("Content-Type", "text/html; charset=UTF-8")
                            .header("Allow", SwiftOperation.ALLOWED)
                            .build();
        };
    }
}
