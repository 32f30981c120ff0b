package io.varve.endpoint.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.journal.RecordReader;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

final class SyncFeedTest {
    private static final SyncTarget TARGET =
            new SyncTarget("R", "secret", URI.create("http://there.example/v1/a/c"));

    private final List<JournalRecord> journal = new ArrayList<>();
    private final List<Long> changed = new ArrayList<>();

    private void append(Change change) {
        long position = journal.size() + 1L;
        journal.add(
                new JournalRecord(
                        0, position, position * 1000, 1, new RequestId(0, position), "p", change));
    }

    private static Change delete(long bucketId, String key) {
        return new ObjectChange.DeleteObject(bucketId, key, null, Precondition.NONE);
    }

    private RecordReader reader(long from) {
        return new RecordReader() {
            private int next = (int) from - 1;

            @Override
            public List<JournalRecord> next(int maxRecords) {
                int to = Math.min(journal.size(), next + maxRecords);
                List<JournalRecord> records = List.copyOf(journal.subList(next, to));
                next = to;
                return records;
            }

            @Override
            public List<JournalRecord> awaitNext(int maxRecords) {
                return next(maxRecords);
            }

            @Override
            public void close() {}
        };
    }

    private static SyncedContainer container(long bucketId, long position) {
        return new SyncedContainer(bucketId, TARGET, "key", new Progress("", position, null));
    }

    private void pollAll(SyncFeed feed, List<SyncedContainer> containers) {
        while (feed.poll(containers, journal.size(), changed::add) > 0) {
            // Until there is no more.
        }
    }

    @Test
    void oneThatIsBehindHasItReadAgainAndTheOthersTakeNoNotice() {
        for (int i = 0; i < 1000; i++) {
            append(delete(7 + i % 2, "k" + i));
        }
        SyncedContainer behind = container(7, 100);
        SyncedContainer ahead = container(8, 1000);
        SyncFeed feed = new SyncFeed(this::reader, 1000);
        pollAll(feed, List.of(behind, ahead));
        assertEquals(450, behind.pendingCount());
        assertEquals(0, ahead.pendingCount());
        assertEquals(1000, behind.readPosition());
        append(delete(8, "new"));
        pollAll(feed, List.of(behind, ahead));
        assertEquals(450, behind.pendingCount());
        assertEquals(1, ahead.pendingCount());
        assertEquals(1001, behind.readPosition());
    }

    @Test
    void oneThatIsFullGoesOnWhereItStoppedOnceThereIsRoom() {
        int count = SyncedContainer.MAX_PENDING + 500;
        for (int i = 0; i < count; i++) {
            append(delete(7, "k" + i));
        }
        SyncedContainer container = container(7, 0);
        SyncFeed feed = new SyncFeed(this::reader, 0);
        pollAll(feed, List.of(container));
        assertEquals(SyncedContainer.MAX_PENDING, container.pendingCount());
        List<SyncPush.Job> due = container.due(SyncedContainer.MAX_PENDING, 1);
        due.forEach(job -> container.settled(job.key(), new SyncPush.Result.Same(true), 1));
        pollAll(feed, List.of(container));
        assertEquals(500, container.pendingCount());
        assertEquals(count, container.readPosition());
    }

    @Test
    void whatTheViewHasNotAppliedIsLeftForLater() {
        append(delete(7, "a"));
        append(delete(7, "b"));
        SyncedContainer container = container(7, 0);
        SyncFeed feed = new SyncFeed(this::reader, 0);
        assertEquals(1, feed.poll(List.of(container), 1, changed::add));
        assertEquals(0, feed.poll(List.of(container), 1, changed::add));
        assertEquals(1, container.pendingCount());
        assertEquals(1, feed.poll(List.of(container), 2, changed::add));
        assertEquals(2, container.pendingCount());
    }

    @Test
    void aDeleteFromElsewhereKeepsItsTime() {
        append(new ObjectChange.DeleteObject(7, "a", null, new Precondition.IfOlder(55)));
        append(delete(7, "b"));
        append(new ObjectChange.WithdrawObject(7, "c"));
        append(new ObjectChange.RestoreVersion(7, "d", 1));
        append(new ObjectChange.ExpireObject(7, "e", 1, 2, true));
        SyncedContainer container = container(7, 0);
        pollAll(new SyncFeed(this::reader, 0), List.of(container));
        assertEquals(
                List.of(55L, 2000L, 3000L, SyncedContainer.LIVE),
                container.due(9, 1).stream().map(SyncPush.Job::deletedMicros).toList());
    }

    @Test
    void itTellsOfBucketsWhoseSyncChangesOnce() {
        append(new BucketChange.CreateBucket("a", "o"));
        append(
                new BucketChange.CreateBucket(
                        "b", "o", new TreeMap<>(Map.of(SyncSettings.TO, "//r/c/a/b"))));
        append(
                new BucketChange.ChangeBucketSettings(
                        1, new TreeMap<>(Map.of(SyncSettings.PROGRESS, "x")), new TreeSet<>()));
        append(
                new BucketChange.ChangeBucketSettings(
                        1, new TreeMap<>(), new TreeSet<>(List.of(SyncSettings.KEY))));
        append(new BucketChange.DeleteBucket(2));
        SyncFeed feed = new SyncFeed(this::reader, 0);
        pollAll(feed, List.of());
        pollAll(feed, List.of(container(2, 0)));
        assertEquals(List.of(2L, 1L, 2L), changed);
    }
}
