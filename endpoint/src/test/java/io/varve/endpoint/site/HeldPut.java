package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.varve.endpoint.store.ObjectBody;
import io.varve.endpoint.store.ObjectStore;
import io.varve.endpoint.store.PutCommand;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.Precondition;
import io.varve.projections.namespace.Outcome;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A put whose body stops when half of it has come, until the test lets it go on. */
final class HeldPut implements AutoCloseable {
    static final String KEY = "held";

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    HeldPut(SiteObjects objects, ObjectStore store, int lengthBytes) {
        byte[] bytes = SiteObjects.contentOf(KEY, lengthBytes).bytes();
        PutCommand command =
                new PutCommand(objects.bucketId(), KEY, Attributes.NONE, Precondition.NONE);
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                Body body = new Body(bytes);
                                outcome.complete(store.put(SiteObjects.caller(), command, body));
                            } catch (Exception e) {
                                outcome.completeExceptionally(e);
                            }
                        });
    }

    /** Until the store asks for the second half of the body. */
    void awaitHeld() {
        await(reached);
    }

    /** Lets the body go on, and waits until the object is there. */
    void finish() {
        released.countDown();
        assertInstanceOf(Outcome.ObjectPut.class, outcome.join());
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("it did not happen");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        released.countDown();
        outcome.handle((done, failure) -> true).join();
    }

    private final class Body extends InputStream implements ObjectBody {
        private final ByteArrayInputStream bytes;
        private final int lengthBytes;

        Body(byte[] content) {
            bytes = new ByteArrayInputStream(content);
            lengthBytes = content.length;
        }

        private int upToTheHold() {
            int left = bytes.available() - lengthBytes / 2;
            if (left > 0) {
                return left;
            }
            reached.countDown();
            await(released);
            return bytes.available();
        }

        @Override
        public int read() {
            upToTheHold();
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return bytes.read(target, offset, Math.clamp(upToTheHold(), 1, length));
        }

        @Override
        public InputStream stream() {
            return this;
        }

        @Override
        public long lengthBytes() {
            return lengthBytes;
        }

        @Override
        public List<Checksum> checksums() {
            return List.of();
        }
    }
}
