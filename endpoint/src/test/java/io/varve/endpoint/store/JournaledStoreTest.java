package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.store.StoreException.Category;
import io.varve.journal.JournalException;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.projections.namespace.Outcome;
import io.varve.projections.namespace.Refusal;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

final class JournaledStoreTest {
    private static final Caller CALLER = new Caller("me", "key", new RequestId(11, 22));
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    private final FakeBlobs blobs = new FakeBlobs();
    private final FakeLedger ledger = new FakeLedger();
    private final AtomicLong usableBytes = new AtomicLong(1000);
    private final SpaceGuard space = SpaceGuard.over("disk", usableBytes::get, 100);
    private final JournaledStore store =
            new JournaledStore(StoreConfig.forHeap(64 << 20), ledger, blobs, space);

    @AfterEach
    void leavesNoMemoryLeased() {
        assertEquals(0, store.writeMemoryLeasedBytes());
        store.close();
    }

    private static PutCommand command(Precondition condition) {
        return new PutCommand(FakeView.BUCKET, "k", Attributes.NONE, condition);
    }

    private Outcome put() throws IOException {
        return store.put(CALLER, command(Precondition.NONE), BytesBody.of(CONTENT));
    }

    @Test
    void appendsTheRecordOnlyWhenTheBytesAreDurable() throws Exception {
        ledger.answer =
                change -> {
                    Manifest manifest = ((ObjectChange.PutObject) change).manifest();
                    assertEquals(CONTENT.length, manifest.sizeBytes());
                    assertTrue(blobs.stored.containsKey(Stored.idOf(manifest.blobs().getFirst())));
                    return CompletableFuture.completedFuture(new Outcome.Applied());
                };
        assertInstanceOf(Outcome.Applied.class, put());
        assertEquals(1, blobs.stored.size());
    }

    @Test
    void appendsTheRecordOnTheThreadThatWroteTheLastCopy() throws Exception {
        blobs.holdWrites = true;
        CompletableFuture<Outcome> answered = new CompletableFuture<>();
        Thread request =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        answered.complete(put());
                                    } catch (Throwable t) {
                                        answered.completeExceptionally(t);
                                    }
                                });
        while (request.getState() != Thread.State.WAITING) {
            assertFalse(answered.isDone());
            Thread.onSpinWait();
        }
        synchronized (blobs) {
            blobs.held.remove().run();
        }
        assertInstanceOf(Outcome.Applied.class, answered.get());
        assertEquals(1, ledger.drafts.size());
        assertSame(Thread.currentThread(), ledger.submitter);
    }

    @Test
    void showsNothingThatHasExpired() {
        ledger.view.latest.put("kept", FakeView.expiring("kept", 1, "1001"));
        ledger.view.latest.put("gone", FakeView.expiring("gone", 2, "1000"));
        try (JournaledStore at =
                new JournaledStore(
                        StoreConfig.forHeap(64 << 20), ledger, blobs, space, () -> 1_000_999)) {
            assertTrue(at.view().latest(FakeView.BUCKET, "kept").isPresent());
            assertTrue(at.view().latest(FakeView.BUCKET, "gone").isEmpty());
        }
    }

    @Test
    void keepsThePrincipalAndTheRequestInTheRecord() throws Exception {
        put();
        Draft draft = ledger.drafts.getFirst();
        assertEquals("key", draft.principal());
        assertEquals(11, draft.requestId().high());
    }

    @Test
    void dropsTheBlobsOfARefusedRecord() throws Exception {
        ledger.answer =
                change ->
                        CompletableFuture.completedFuture(
                                new Outcome.Refused(Refusal.PRECONDITION_FAILED));
        assertEquals(new Outcome.Refused(Refusal.PRECONDITION_FAILED), put());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void keepsTheBlobsWhenTheRecordMayBeDurable() {
        ledger.answer =
                change -> CompletableFuture.failedFuture(new JournalException("sync failed"));
        StoreException unknown = assertThrows(StoreException.class, this::put);
        assertEquals(Category.UNAVAILABLE, unknown.category());
        assertEquals(1, blobs.stored.size());
    }

    @Test
    void dropsTheBlobsWhenTheJournalHasNoSpaceForTheRecord() {
        ledger.answer =
                change ->
                        CompletableFuture.failedFuture(
                                new StoreException(Category.FULL, "journal full"));
        StoreException full = assertThrows(StoreException.class, this::put);
        assertEquals(Category.FULL, full.category());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void dropsTheBlobsWhenTheRecordCannotBeOne() {
        ledger.answer =
                change -> CompletableFuture.failedFuture(new IllegalArgumentException("too large"));
        assertThrows(IllegalArgumentException.class, this::put);
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void appendsNoRecordForABodyThatFails() {
        BytesBody body = BytesBody.failingAtItsEnd(CONTENT, new IOException("client gone"));
        assertThrows(IOException.class, () -> store.put(CALLER, command(Precondition.NONE), body));
        assertTrue(ledger.drafts.isEmpty());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void refusesBeforeItReadsTheBodyWhatTheRecordWouldBeRefusedFor() throws Exception {
        BytesBody untouchable = BytesBody.failingAtItsEnd(new byte[0], new IOException("read"));
        ledger.view.put("k", 3, Manifest.EMPTY);
        assertEquals(
                new Outcome.Refused(Refusal.PRECONDITION_FAILED),
                store.put(CALLER, command(new Precondition.IfAbsent()), untouchable));
        assertEquals(
                new Outcome.Refused(Refusal.PRECONDITION_FAILED),
                store.put(CALLER, command(new Precondition.IfMatch("other")), untouchable));
        assertEquals(
                new Outcome.Refused(Refusal.NO_SUCH_BUCKET),
                store.put(
                        CALLER,
                        new PutCommand(99, "k", Attributes.NONE, Precondition.NONE),
                        untouchable));
        ledger.view.uploadOpen = false;
        assertEquals(
                new Outcome.Refused(Refusal.NO_SUCH_UPLOAD),
                store.putPart(
                        CALLER,
                        new ObjectStore.PartCommand(FakeView.BUCKET, "k", 5, 1),
                        untouchable));
        assertTrue(ledger.drafts.isEmpty());
    }

    @Test
    void leavesConditionsThatMayHoldToTheRecord() throws Exception {
        ledger.view.put("k", 3, Manifest.EMPTY);
        store.put(CALLER, command(new Precondition.IfMatch("etag-3")), BytesBody.of(CONTENT));
        store.put(CALLER, command(new Precondition.IfMatch("*")), BytesBody.of(CONTENT));
        ledger.view.latest.clear();
        store.put(CALLER, command(new Precondition.IfAbsent()), BytesBody.of(CONTENT));
        store.put(CALLER, command(new Precondition.IfMatch("x")), BytesBody.of(CONTENT));
        assertEquals(4, ledger.drafts.size());
    }

    @Test
    void putsAPartWithItsNumber() throws Exception {
        store.putPart(
                CALLER,
                new ObjectStore.PartCommand(FakeView.BUCKET, "k", 5, 3),
                BytesBody.of(CONTENT));
        UploadChange.PutPart part = (UploadChange.PutPart) ledger.drafts.getFirst().change();
        assertEquals(3, part.partNumber());
        assertEquals(5, part.uploadId());
        assertEquals("9a0364b9e99bb480dd25e1f0284c8555", part.etag());
    }

    @Test
    void givesEachRecordOfABulkChangeAnIdOfItsOwnAndKeepsTheirOrder() {
        List<ObjectChange.DeleteObject> changes =
                IntStream.range(0, 3000)
                        .mapToObj(
                                i ->
                                        new ObjectChange.DeleteObject(
                                                FakeView.BUCKET, "k" + i, null, Precondition.NONE))
                        .toList();
        ledger.answer =
                change ->
                        CompletableFuture.completedFuture(
                                new Outcome.BucketCreated(ledger.drafts.size()));
        List<Outcome> outcomes = store.changeAll(CALLER, changes);
        assertEquals(changes, ledger.drafts.stream().map(Draft::change).toList());
        Set<RequestId> ids = new HashSet<>();
        for (int i = 0; i < changes.size(); i++) {
            assertEquals(new Outcome.BucketCreated(i + 1), outcomes.get(i));
            assertTrue(ids.add(ledger.drafts.get(i).requestId()));
        }
    }

    @Test
    void takesOnlyWhatFreesSpaceWhileSpaceIsLow() throws Exception {
        usableBytes.set(99);
        space.check();
        BytesBody untouchable = BytesBody.failingAtItsEnd(new byte[0], new IOException("read"));
        StoreException full =
                assertThrows(
                        StoreException.class,
                        () -> store.put(CALLER, command(Precondition.NONE), untouchable));
        assertEquals(Category.FULL, full.category());
        assertThrows(
                StoreException.class,
                () -> store.change(CALLER, new BucketChange.CreateBucket("b", "me")));
        store.change(
                CALLER,
                new ObjectChange.DeleteObject(FakeView.BUCKET, "k", null, Precondition.NONE));
        store.change(CALLER, new BucketChange.DeleteBucket(FakeView.BUCKET));
        store.change(CALLER, new UploadChange.AbortUpload(FakeView.BUCKET, "k", 5));
        assertEquals(3, ledger.drafts.size());
        usableBytes.set(100);
        space.check();
        assertFalse(space.low());
        put();
        assertEquals(4, ledger.drafts.size());
    }
}
