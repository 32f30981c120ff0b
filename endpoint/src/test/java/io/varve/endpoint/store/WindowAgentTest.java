package io.varve.endpoint.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.devices.BlobId;
import io.varve.journal.JournalException;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.WindowChange.CloseWindow;
import io.varve.journal.record.WindowChange.ConfirmDropped;
import io.varve.projections.namespace.NamespaceView.ReleasedBlobs;
import io.varve.projections.namespace.Outcome;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

final class WindowAgentTest {
    private static final long WINDOW = 1000;
    private static final long GRACE = 160;

    private final AtomicLong now = new AtomicLong(10_000);
    private final FakeLedger ledger = new FakeLedger();
    private final FakeBlobs blobs = new FakeBlobs();

    private WindowAgent agent(int batch) {
        return new WindowAgent(new WindowConfig(WINDOW, GRACE, batch), ledger, blobs, now::get);
    }

    private List<Change> changes() {
        return ledger.drafts.stream().map(Draft::change).toList();
    }

    /** One blob with the position as its id. */
    private void release(long position, long id) {
        blobs.stored.put(new BlobId(0, id), new byte[1]);
        ledger.view.released.add(
                new ReleasedBlobs(position, new Manifest(0, List.of(new BlobRef(0, id, 1, 0)))));
    }

    private void confirmAsTheViewWould() {
        ledger.answer =
                change -> {
                    if (change instanceof ConfirmDropped confirm) {
                        ledger.view.released.removeIf(
                                entry -> entry.position() <= confirm.throughPosition());
                    }
                    return CompletableFuture.completedFuture(new Outcome.Applied());
                };
    }

    @Test
    void appendsNothingWhileNoHistoryHasLeftTheWindow() {
        WindowAgent agent = agent(10);
        assertEquals(0, agent.doWork());
        ledger.view.oldestHistoryMicros = OptionalLong.of(now.get() - WINDOW);
        assertEquals(0, agent.doWork());
        assertTrue(ledger.drafts.isEmpty());
    }

    @Test
    void forgetsHistoryThatHasLeftTheWindow() {
        ledger.view.oldestHistoryMicros = OptionalLong.of(now.get() - WINDOW - 1);
        ledger.answer =
                change -> CompletableFuture.completedFuture(new Outcome.WindowClosed(10, true));
        assertEquals(10, agent(10).doWork());
        assertEquals(List.of(new CloseWindow(now.get() - WINDOW, 10)), changes());
    }

    @Test
    void dropsReleasedBlobsOnlyAfterTheGraceTime() {
        confirmAsTheViewWould();
        WindowAgent agent = agent(10);
        release(5, 50);
        ledger.view.appliedPosition = 5;
        agent.doWork();
        now.addAndGet(GRACE - 1);
        assertEquals(0, agent.doWork());
        assertEquals(1, blobs.stored.size());
        now.addAndGet(1);
        assertEquals(1, agent.doWork());
        assertTrue(blobs.stored.isEmpty());
        assertEquals(List.of(new ConfirmDropped(5)), changes());
        assertEquals(0, agent.doWork());
    }

    @Test
    void leavesBlobsReleasedSinceForLater() {
        confirmAsTheViewWould();
        WindowAgent agent = agent(10);
        release(5, 50);
        ledger.view.appliedPosition = 5;
        agent.doWork();
        now.addAndGet(GRACE / 2);
        release(6, 60);
        ledger.view.appliedPosition = 6;
        agent.doWork();
        now.addAndGet(GRACE / 2);
        assertEquals(1, agent.doWork());
        assertEquals(1, blobs.stored.size());
        now.addAndGet(GRACE / 2);
        assertEquals(1, agent.doWork());
        assertTrue(blobs.stored.isEmpty());
    }

    @Test
    void countsTheGraceTimeAnewAfterARestart() {
        confirmAsTheViewWould();
        release(5, 50);
        ledger.view.appliedPosition = 5;
        agent(10).doWork();
        now.addAndGet(GRACE);
        WindowAgent restarted = agent(10);
        assertEquals(0, restarted.doWork());
        assertEquals(1, blobs.stored.size());
    }

    @Test
    void doesNotTakeAClockThatWentBackForTimeThatPassed() {
        confirmAsTheViewWould();
        WindowAgent agent = agent(10);
        agent.doWork();
        now.addAndGet(-5000);
        release(5, 50);
        ledger.view.appliedPosition = 5;
        assertEquals(0, agent.doWork());
        now.addAndGet(GRACE - 1);
        assertEquals(0, agent.doWork());
        assertEquals(1, blobs.stored.size());
    }

    @Test
    void confirmsOnlyRecordsWhoseBlobsAreAllDropped() {
        confirmAsTheViewWould();
        WindowAgent agent = agent(4);
        for (int i = 0; i < 3; i++) {
            release(5, 50 + i);
        }
        for (int i = 0; i < 9; i++) {
            release(6, 60 + i);
        }
        ledger.view.appliedPosition = 6;
        agent.doWork();
        now.addAndGet(GRACE);
        assertEquals(3, agent.doWork());
        assertEquals(9, blobs.stored.size());
        assertEquals(9, agent.doWork());
        assertTrue(blobs.stored.isEmpty());
        assertEquals(List.of(new ConfirmDropped(5), new ConfirmDropped(6)), changes());
    }

    @Test
    void dropsAgainWhenTheConfirmationWasLost() {
        ledger.answer = change -> CompletableFuture.failedFuture(new JournalException("gone"));
        WindowAgent agent = agent(10);
        release(5, 50);
        ledger.view.appliedPosition = 5;
        agent.doWork();
        now.addAndGet(GRACE);
        assertThrows(StoreException.class, agent::doWork);
        confirmAsTheViewWould();
        assertEquals(1, agent.doWork());
        assertEquals(0, agent.doWork());
    }
}
