package io.varve.devices.remote;

import io.varve.devices.BlobPayload;
import io.varve.devices.DeviceException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Something asked of a host, from when it is asked until it is answered. Thread-safe. */
final class Request {
    private final Operation operation;
    private final byte[] body;
    private final @Nullable BlobPayload payload;
    private final long deadlineNanos;
    private final CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    private volatile boolean broken;
    private volatile long brokenNanos;

    /**
     * @param deadlineNanos by when it is to be answered
     */
    Request(Operation operation, byte[] body, @Nullable BlobPayload payload, long deadlineNanos) {
        this.operation = operation;
        this.body = body;
        this.payload = payload;
        this.deadlineNanos = deadlineNanos;
    }

    /** Completed by whoever reads the connection: what follows must not block. */
    CompletableFuture<ByteBuffer> answer() {
        return answer;
    }

    Frame frame(long number) {
        return new Frame(operation.code(), number, body, payload);
    }

    void fail(DeviceException reason) {
        answer.completeExceptionally(reason);
    }

    boolean isLate(long nowNanos) {
        return nowNanos - deadlineNanos > 0;
    }

    /** Its connection broke; returns whether it is worth another try. */
    boolean breaks() {
        boolean first = !broken;
        broken = true;
        brokenNanos = System.nanoTime();
        return first && !isLate(brokenNanos);
    }

    long brokenNanos() {
        return brokenNanos;
    }
}
