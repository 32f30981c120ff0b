package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.util.Objects.requireNonNull;

import io.varve.devices.BlobId;
import io.varve.devices.BlobPool;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.Ledger;
import io.varve.endpoint.store.ObjectReader;
import io.varve.endpoint.store.StoreConfig;
import io.varve.endpoint.transition.KeptTransitions;
import io.varve.endpoint.transition.TransitionAgent;
import io.varve.endpoint.transition.TransitionRequest;
import io.varve.endpoint.transition.TransitionStatus;
import io.varve.endpoint.transition.TransitionStatus.State;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Draft;
import io.varve.projections.namespace.NamespaceView;
import io.varve.projections.namespace.ObjectVersion;
import io.varve.projections.namespace.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** Objects that go from whole copies to compressed shards and back. */
final class TransitionTest {
    private static final int BLOB = 128 << 10;
    private static final int COLD = 1;
    private static final String CLASS = "x-amz-storage-class";
    private static final Credential OWNER = new Credential("KEY", "secret", "root", "root");

    @TempDir private Path directory;
    private SiteStack stack;
    private TestClient s3;

    @BeforeEach
    void open() {
        stack =
                new SiteStack(
                        SiteStack.small(directory)
                                .withStore(new StoreConfig(BLOB, 16 << 20, 4 << 20, 10_000, 2)));
        TestPools.addShards(stack.site(), "cold", 4, 2, "zstd");
        connect();
        s3.put("/bucket", "").expect(200);
    }

    private void connect() {
        s3 = TestClient.of(stack.store(), List.of(OWNER));
    }

    @AfterEach
    void close() {
        stack.close();
    }

    private static byte[] content(int seed, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void put(String key, byte[] content) {
        s3.request("PUT", "/bucket/" + key).body(content).send().expect(200);
    }

    private void upload(String key, byte[]... parts) {
        String target = "/bucket/" + key;
        String upload = s3.post(target + "?uploads", "").expect(200).xml("UploadId");
        StringBuilder named = new StringBuilder();
        for (int number = 1; number <= parts.length; number++) {
            String etag =
                    s3.request("PUT", target + "?partNumber=" + number + "&uploadId=" + upload)
                            .body(parts[number - 1])
                            .send()
                            .expect(200)
                            .etag();
            named.append(
                    "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                            .formatted(number, etag));
        }
        s3.post(
                        target + "?uploadId=" + upload,
                        "<CompleteMultipartUpload>" + named + "</CompleteMultipartUpload>")
                .expect(200);
    }

    private long bucketId() {
        return stack.store().view().bucket("bucket").orElseThrow().id();
    }

    private TransitionRequest to(String storageClass) {
        return new TransitionRequest(bucketId(), "", storageClass, Long.MAX_VALUE, true);
    }

    private TransitionStatus move(String storageClass) {
        return run(stack.site().ledger(), to(storageClass));
    }

    /** With an agent of its own on the site's devices. */
    private TransitionStatus run(Ledger ledger, TransitionRequest request) {
        try (TransitionAgent agent =
                new TransitionAgent(ledger, stack.site().blobs(), 1L << 40, KeptTransitions.NONE)) {
            agent.start();
            agent.request(request, "test");
            return ended(agent);
        }
    }

    private static TransitionStatus ended(TransitionAgent agent) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            TransitionStatus status = agent.status().getLast();
            if (status.state() == State.DONE || status.state() == State.STOPPED) {
                return status;
            }
            assertTrue(System.nanoTime() < deadline, status::toString);
            Thread.onSpinWait();
        }
    }

    private Set<BlobId> blobsOf(int poolId) {
        Set<BlobId> blobs = new HashSet<>();
        for (var device : stack.site().devices()) {
            BlobPool pool = requireNonNull(stack.site().pools().find(poolId));
            pool.list(device.deviceId(), (blob, length) -> blobs.add(blob));
        }
        return blobs;
    }

    private void requireSame(String key, byte[] content, Answer before, String storageClass) {
        Answer now = s3.get("/bucket/" + key).expect(200);
        assertArrayEquals(content, now.body());
        assertEquals(before.etag(), now.etag());
        assertEquals(before.header("last-modified"), now.header("last-modified"));
        assertEquals(storageClass, now.header(CLASS));
    }

    @Test
    void objectsMoveThereAndBackAndLeaveNothingBehind() {
        byte[] small = content(1, 100);
        byte[] large = content(2, 7 * BLOB + 5);
        byte[] part1 = content(3, 5 << 20);
        byte[] part2 = content(4, 3 * BLOB);
        put("small", small);
        put("large", large);
        put("empty", new byte[0]);
        upload("parts", part1, part2);
        byte[] whole = new byte[part1.length + part2.length];
        System.arraycopy(part1, 0, whole, 0, part1.length);
        System.arraycopy(part2, 0, whole, part1.length, part2.length);
        Answer smallBefore = s3.head("/bucket/small");
        Answer largeBefore = s3.head("/bucket/large");
        Answer partsBefore = s3.head("/bucket/parts");

        TransitionStatus there = move("cold");
        assertEquals(4, there.moved(), there::toString);
        assertEquals(0, there.failed());
        for (int round = 0; round < 2; round++) {
            requireSame("small", small, smallBefore, "cold");
            requireSame("large", large, largeBefore, "cold");
            requireSame("parts", whole, partsBefore, "cold");
            assertArrayEquals(part2, s3.get("/bucket/parts?partNumber=2").expect(206).body());
            stack.restart();
            connect();
        }
        assertEquals(0, move("cold").moved(), "what is there is not moved again");
        stack.forgetHistory();
        assertEquals(Set.of(), blobsOf(0), "the old blobs are gone once the window has closed");
        requireSame("parts", whole, partsBefore, "cold");

        assertEquals(4, move("default").moved());
        stack.forgetHistory();
        assertEquals(Set.of(), blobsOf(COLD));
        requireSame("small", small, smallBefore, "(none)");
        requireSame("parts", whole, partsBefore, "(none)");
        assertArrayEquals(part1, s3.get("/bucket/parts?partNumber=1").expect(206).body());
        for (String key : List.of("small", "large", "empty", "parts")) {
            s3.delete("/bucket/" + key).expect(204);
        }
        stack.forgetHistory();
        assertEquals(Set.of(), blobsOf(0));
    }

    @Test
    void thePastReadsAsItWasAndCopiesKeepTheirBytes() throws IOException {
        byte[] content = content(1, 3 * BLOB);
        put("key", content);
        s3.request("PUT", "/bucket/copy")
                .header("x-amz-copy-source", "/bucket/key")
                .send()
                .expect(200);
        long before = stack.store().view().appliedPosition();
        TransitionRequest onlyKey =
                new TransitionRequest(bucketId(), "key", "cold", Long.MAX_VALUE, false);
        assertEquals(1, run(stack.site().ledger(), onlyKey).moved());
        NamespaceView then = stack.store().view().at(stack.store().view().momentOf(before));
        ObjectVersion was = then.latest(bucketId(), "key").orElseThrow();
        assertEquals(null, was.attributes().settings().get(Attributes.STORAGE_CLASS));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectReader reader = stack.store().open(was, 0, was.sizeBytes())) {
            reader.transferTo(bytes);
        }
        assertArrayEquals(content, bytes.toByteArray());
        stack.forgetHistory();
        assertArrayEquals(content, s3.get("/bucket/copy").expect(200).body());
        assertArrayEquals(content, s3.get("/bucket/key").expect(200).body());
        assertEquals(3, blobsOf(0).size(), "the copy still has them");
        assertEquals(3, blobsOf(COLD).size());
    }

    @Test
    void whatIsOverwrittenMeanwhileStaysAsItIs() {
        put("key", content(1, 3 * BLOB));
        Ledger overtaken =
                watching(
                        draft -> {
                            put("key", content(2, BLOB));
                            return draft;
                        });
        TransitionStatus status = run(overtaken, to("cold"));
        assertEquals(1, status.overtaken(), status::toString);
        assertEquals(0, status.moved() + status.failed());
        assertArrayEquals(content(2, BLOB), s3.get("/bucket/key").expect(200).body());
        stack.forgetHistory();
        assertEquals(Set.of(), blobsOf(COLD), "what was copied for nothing is dropped");
        assertEquals(1, blobsOf(0).size());
    }

    /** Ends what runs as the end of the process would: nothing is tidied up. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aCrashBeforeOrAfterTheRecordLosesNothing() {
        byte[] content = content(1, 3 * BLOB);
        put("key", content);
        int original = blobsOf(0).size();
        Ledger crashing =
                watching(
                        draft -> {
                            throw new Crash();
                        });
        assertEquals(State.STOPPED, run(crashing, to("cold")).state());
        stack.restart();
        connect();
        assertArrayEquals(content, s3.get("/bucket/key").expect(200).body());
        assertEquals(original, blobsOf(0).size());
        assertEquals(3, blobsOf(COLD).size(), "leftovers, for the audit");

        Ledger crashingLater = recordingThenCrashing();
        assertEquals(State.STOPPED, run(crashingLater, to("cold")).state());
        stack.restart();
        connect();
        assertEquals(0, move("cold").moved(), "the record was durable");
        stack.forgetHistory();
        assertEquals("cold", s3.head("/bucket/key").header(CLASS));
        assertArrayEquals(content, s3.get("/bucket/key").expect(200).body());
        assertEquals(Set.of(), blobsOf(0));
    }

    private Ledger watching(UnaryOperator<Draft> before) {
        Ledger ledger = stack.site().ledger();
        return new Ledger() {
            @Override
            public CompletableFuture<Outcome> submit(Draft draft) {
                return ledger.submit(before.apply(draft));
            }

            @Override
            public NamespaceView view() {
                return ledger.view();
            }
        };
    }

    private Ledger recordingThenCrashing() {
        Ledger ledger = stack.site().ledger();
        return new Ledger() {
            @Override
            public CompletableFuture<Outcome> submit(Draft draft) {
                ledger.submit(draft).join();
                throw new Crash();
            }

            @Override
            public NamespaceView view() {
                return ledger.view();
            }
        };
    }

    @Test
    void onlyWhatIsAskedForMoves() {
        put("a/1", content(1, 10));
        put("a/2", content(2, 10));
        put("b/1", content(3, 10));
        TransitionRequest young = new TransitionRequest(bucketId(), "", "cold", 1, true);
        assertEquals(0, run(stack.site().ledger(), young).moved(), "nothing is that old");
        TransitionRequest some =
                new TransitionRequest(bucketId(), "a/", "cold", Long.MAX_VALUE, true);
        TransitionStatus status = run(stack.site().ledger(), some);
        assertEquals(2, status.moved());
        assertEquals(20, status.movedBytes());
        assertEquals("(none)", s3.head("/bucket/b/1").header(CLASS));
    }
}
