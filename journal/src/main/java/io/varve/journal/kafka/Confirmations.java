package io.varve.journal.kafka;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks how far the journal has come, once for all who ask at about the same time: one barrier is on
 * its way, and who comes meanwhile waits for the next, since the one under way may stand before
 * what was acknowledged since. Thread-safe.
 */
final class Confirmations {
    /** Sends a barrier; the future has the position of the last record before it. */
    private final Supplier<CompletableFuture<Long>> barrier;

    private boolean underWay;
    private @Nullable CompletableFuture<Long> next;

    Confirmations(Supplier<CompletableFuture<Long>> barrier) {
        this.barrier = barrier;
    }

    CompletableFuture<Long> confirm() {
        CompletableFuture<Long> answer;
        synchronized (this) {
            if (underWay) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                return next;
            }
            underWay = true;
            answer = new CompletableFuture<>();
        }
        send(answer);
        return answer;
    }

    private void send(CompletableFuture<Long> answer) {
        var unused =
                barrier.get()
                        .whenComplete(
                                (position, fault) -> {
                                    // The next is on its way before anybody does anything with
                                    // the answer.
                                    goOn();
                                    if (fault == null) {
                                        answer.complete(position);
                                    } else {
                                        answer.completeExceptionally(fault);
                                    }
                                });
    }

    private void goOn() {
        CompletableFuture<Long> following;
        synchronized (this) {
            following = next;
            next = null;
            underWay = following != null;
        }
        if (following != null) {
            send(following);
        }
    }
}
