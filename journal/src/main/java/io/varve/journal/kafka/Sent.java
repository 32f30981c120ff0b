package io.varve.journal.kafka;

import io.varve.journal.record.Draft;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletableFuture;

/**
 * An envelope of this writer that is on its way.
 *
 * @param draft of a draft, whose record then needs no decoding
 * @param settled completes when the brokers have acknowledged it, or it was given up
 * @param folded completes with what became of it, once it is acknowledged, and fails when it was
 *     given up
 */
record Sent(
        long number,
        @Nullable Draft draft,
        CompletableFuture<Void> settled,
        CompletableFuture<Folded> folded) {

    /**
     * What became of an envelope of this writer, and the position of the last record up to there.
     */
    record Folded(EnvelopeFold.Step step, long position) {}

    Sent(long number, @Nullable Draft draft) {
        this(number, draft, new CompletableFuture<>(), new CompletableFuture<>());
    }
}
