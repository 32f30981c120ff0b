package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.Versioning;
import io.varve.projections.MemoryViewStore;
import io.varve.projections.ViewBatch;
import io.varve.projections.ViewCursor;
import io.varve.projections.ViewReader;
import io.varve.projections.ViewStore;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What a page costs, in rows looked at: it must not grow with the bucket. */
class ListingCostTest {
    private static final int PAGE = 1000;

    /** Counts what is asked of the rows. */
    private static final class CountingReader implements ViewReader {
        private final ViewStore store;
        private int gets;
        private int steps;
        private int seeks;

        CountingReader(ViewStore store) {
            this.store = store;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            gets++;
            return store.get(key);
        }

        @Override
        public ViewCursor scan(byte[] from, byte @Nullable [] to) {
            seeks++;
            ViewCursor cursor = store.scan(from, to);
            return new ViewCursor() {
                @Override
                public boolean valid() {
                    return cursor.valid();
                }

                @Override
                public byte[] key() {
                    return cursor.key();
                }

                @Override
                public byte[] value() {
                    return cursor.value();
                }

                @Override
                public void next() {
                    steps++;
                    cursor.next();
                }

                @Override
                public void seek(byte[] key) {
                    seeks++;
                    cursor.seek(key);
                }

                @Override
                public void close() {
                    cursor.close();
                }
            };
        }
    }

    private static final class Bulk {
        private final MemoryViewStore store = new MemoryViewStore();
        private final Namespace namespace = new Namespace(new ViewBatch(store));
        private final MemoryJournal journal = new MemoryJournal();
        private final List<JournalRecord> batch = new ArrayList<>();
        private final long bucketId;

        Bulk(Versioning versioning) {
            bucketId = 1;
            apply(new BucketChange.CreateBucket("b", "alice"));
            apply(new BucketChange.SetVersioning(bucketId, versioning));
        }

        void apply(Change change) {
            RequestId id = new RequestId(1, journal.endPosition());
            JournalRecord record = journal.add(new Draft(id, "alice", change));
            namespace.apply(record);
            batch.add(record);
            if (batch.size() == 1000) {
                commit();
            }
        }

        void commit() {
            namespace.commit(batch.getLast());
            batch.clear();
        }

        void put(String key) {
            apply(
                    NamespaceFixture.putOf(
                            bucketId,
                            key,
                            NamespaceFixture.ETAG_A,
                            Manifest.EMPTY,
                            Precondition.NONE));
        }

        void delete(String key) {
            apply(new ObjectChange.DeleteObject(bucketId, key, null, Precondition.NONE));
        }
    }

    private static CountingReader listMiddle(Bulk bulk, int keyCount, String delimiter) {
        CountingReader reader = new CountingReader(bulk.store);
        String after = delimiter.isEmpty() ? key(keyCount / 2) : null;
        ListPage page =
                ObjectLister.list(reader, new ListQuery(bulk.bucketId, "", delimiter, after, PAGE));
        assertEquals(PAGE, page.objects().size() + page.commonPrefixes().size());
        return reader;
    }

    private static String key(int number) {
        return "%07d".formatted(number);
    }

    @Test
    void readsOneRowPerKeyHoweverBigTheBucket() {
        for (int keyCount : new int[] {10_000, 200_000}) {
            Bulk bulk = new Bulk(Versioning.OFF);
            for (int i = 0; i < keyCount; i++) {
                bulk.put(key(i));
            }
            bulk.commit();
            CountingReader reader = listMiddle(bulk, keyCount, "");
            assertEquals(PAGE, reader.steps);
            assertEquals(1, reader.seeks);
            assertEquals(0, reader.gets);
        }
    }

    @Test
    void jumpsOverWhatACommonPrefixHolds() {
        Bulk bulk = new Bulk(Versioning.OFF);
        for (int i = 0; i < 60_000; i++) {
            bulk.put(key(i / 40) + "/" + i);
        }
        bulk.commit();
        CountingReader reader = listMiddle(bulk, 0, "/");
        assertTrue(reader.seeks <= PAGE + 1, "seeks=" + reader.seeks);
        assertTrue(reader.steps <= 4 * PAGE, "steps=" + reader.steps);
    }

    @Test
    void looksAtNoDeletedKeyAndNoOldVersion() {
        Bulk bulk = new Bulk(Versioning.ENABLED);
        for (int i = 0; i < 4000; i++) {
            bulk.put(key(i));
            bulk.put(key(i));
            if (i % 2 == 1) {
                bulk.delete(key(i));
            }
        }
        bulk.commit();
        CountingReader reader = listMiddle(bulk, 1000, "");
        assertEquals(PAGE, reader.steps);
        assertEquals(1, reader.seeks);
    }
}
