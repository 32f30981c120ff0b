package io.varve.endpoint.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.sync.SyncPush.Job;
import io.varve.endpoint.sync.SyncPush.Result;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;

final class SyncedContainerTest {
    private static final SyncTarget TARGET =
            new SyncTarget("R", "secret", URI.create("http://there.example/v1/a/c"));
    private static final Result SAME = new Result.Same(true);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static SyncedContainer at(long position) {
        return new SyncedContainer(7, TARGET, "key", new Progress("", position, null));
    }

    private static List<String> due(SyncedContainer container, long now) {
        return container.due(100, now).stream().map(Job::key).toList();
    }

    @Test
    void progressStaysBeforeWhatIsPending() {
        SyncedContainer container = at(10);
        container.note(12, "a", SyncedContainer.LIVE);
        container.note(15, "b", 99);
        container.note(16, "a", 100);
        container.readThrough(20);
        assertEquals(11, container.progress().position());
        assertEquals(100, container.due(1, 1).getFirst().deletedMicros());
        container.settled("a", SAME, 1);
        assertEquals(14, container.progress().position());
        container.settled("b", SAME, 1);
        assertEquals(20, container.progress().position());
        assertTrue(container.hasSettled());
    }

    @Test
    void aPageCountsOnceAllOfItIsThere() {
        SyncedContainer container = new SyncedContainer(7, TARGET, "key", new Progress("", 10, ""));
        assertTrue(container.wantsListing());
        container.listed(List.of("a", "b"), "b");
        assertFalse(container.wantsListing());
        // Deleted while it was listed: the listing does not tell, so its change must not be lost.
        container.note(11, "b", 99);
        assertEquals(new Progress(TARGET.url().toString(), 10, ""), container.progress());
        container.settled("a", SAME, 1);
        container.settled("b", SAME, 1);
        assertEquals("b", container.progress().listedThrough());
        assertEquals(11, container.progress().position());
        container.listed(List.of(), null);
        assertNull(container.progress().listedThrough());
        assertFalse(container.wantsListing());
    }

    @Test
    void aSiteThatIsAwayIsLeftAloneLongerAndLonger() {
        SyncedContainer container = at(1);
        container.note(2, "a", SyncedContainer.LIVE);
        container.note(3, "b", SyncedContainer.LIVE);
        assertTrue(container.settled("a", new Result.Away("x"), 1));
        assertFalse(container.settled("b", new Result.Away("x"), 1));
        assertEquals(List.of(), due(container, SECOND / 2));
        assertEquals(List.of("a", "b"), due(container, SECOND + 1));
        assertFalse(container.settled("a", new Result.Away("x"), SECOND + 1));
        assertEquals(List.of(), due(container, 2 * SECOND));
        assertEquals(List.of("a", "b"), due(container, 3 * SECOND + 1));
        long now = 3 * SECOND + 1;
        for (int i = 0; i < 100; i++) {
            container.settled("a", new Result.Away("x"), now);
            now += TimeUnit.MINUTES.toNanos(5);
            assertEquals(List.of("a", "b"), due(container, now));
        }
        container.settled("a", SAME, now);
        assertTrue(container.settled("b", new Result.Away("x"), now));
    }

    @Test
    void anObjectThatIsRefusedLetsTheOthersPass() {
        SyncedContainer container = at(1);
        container.note(2, "a", SyncedContainer.LIVE);
        container.note(3, "b", SyncedContainer.LIVE);
        assertTrue(container.settled("a", new Result.Refused(413), 1));
        assertEquals(List.of("b"), due(container, 2));
        container.settled("b", SAME, 2);
        assertEquals(List.of("a"), due(container, SECOND + 1));
        assertFalse(container.settled("a", new Result.Refused(413), SECOND + 1));
        assertEquals(1, container.progress().position());
    }

    @Test
    void itHoldsABoundedNumberOfKeys() {
        SyncedContainer container = at(1);
        for (int i = 0; i < SyncedContainer.MAX_PENDING; i++) {
            assertFalse(container.isFull());
            container.note(2 + i, "k" + i, SyncedContainer.LIVE);
        }
        assertTrue(container.isFull());
    }
}
