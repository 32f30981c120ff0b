package io.varve.endpoint.remote;

import io.varve.endpoint.store.StoreException;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Sees that one question is on its way at a time: who has the same one waits for the other to come
 * back. Safe for use by many threads.
 */
final class Flights<V> {
    private final Map<String, CompletableFuture<Optional<V>>> flying = new ConcurrentHashMap<>();

    /**
     * @param own whether it was this asker's own question that was answered
     */
    record Landed<V>(Optional<V> answer, boolean own) {}

    /**
     * Asks, or waits for the one who is asking.
     *
     * @throws StoreException what it threw, here or there
     */
    Landed<V> ask(String question, Supplier<Optional<V>> asking) {
        CompletableFuture<Optional<V>> own = new CompletableFuture<>();
        CompletableFuture<Optional<V>> other = flying.putIfAbsent(question, own);
        if (other != null) {
            return new Landed<>(await(other), false);
        }
        try {
            Optional<V> answer = asking.get();
            own.complete(answer);
            return new Landed<>(answer, true);
        } catch (StoreException e) {
            own.completeExceptionally(e);
            throw e;
        } finally {
            flying.remove(question, own);
            // After any other end: nobody may wait for ever.
            own.completeExceptionally(KeystoneClient.unavailable("it was not asked", null));
        }
    }

    private static <V> Optional<V> await(CompletableFuture<Optional<V>> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException cause) {
                String message = String.valueOf(cause.getMessage());
                throw new StoreException(cause.category(), message, cause);
            }
            throw e;
        }
    }
}
