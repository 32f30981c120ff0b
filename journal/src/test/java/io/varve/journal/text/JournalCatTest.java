package io.varve.journal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.RecordReader;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Draft;
import io.varve.journal.record.JournalRecord;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.VersionRef;
import io.varve.journal.record.WindowChange;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

class JournalCatTest {

    /** A journal that is a list. */
    private static final class ListReader implements RecordReader {
        private final List<JournalRecord> records;
        private int next;

        ListReader(List<JournalRecord> records, long from) {
            this.records = records;
            this.next = (int) from - 1;
        }

        @Override
        public List<JournalRecord> next(int maxRecords) {
            int end = Math.min(records.size(), next + maxRecords);
            List<JournalRecord> some = records.subList(next, end);
            next = end;
            return some;
        }

        @Override
        public List<JournalRecord> awaitNext(int maxRecords) {
            return next(maxRecords);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private static List<JournalRecord> records(Change... changes) {
        List<JournalRecord> records = new ArrayList<>();
        for (Change change : changes) {
            records.add(
                    new JournalRecord(
                            0,
                            records.size() + 1,
                            1_700_000_000_000_000L + records.size(),
                            3,
                            new RequestId(1, 2),
                            "alice \"a\"",
                            change));
        }
        return records;
    }

    private static String print(
            List<JournalRecord> records, long from, long to, @Nullable String bucket, boolean json)
            throws IOException {
        JournalCat cat = new JournalCat(from, to, bucket, json);
        StringBuilder out = new StringBuilder();
        long printed = cat.print(new ListReader(records, cat.readFrom()), out);
        assertEquals(printed, out.toString().lines().count());
        return out.toString();
    }

    private static ObjectChange.DeleteObject delete(long bucketId, String key) {
        return new ObjectChange.DeleteObject(bucketId, key, null, Precondition.NONE);
    }

    @Test
    void printsOneLineForEachRecordOfTheRange() throws IOException {
        List<JournalRecord> records =
                records(delete(1, "a"), delete(1, "b"), delete(1, "c\nd"), delete(1, "e"));
        assertEquals(
                """
                2 2023-11-14T22:13:20.000001Z epoch=3 00000000000000010000000000000002 \
                by="alice \\"a\\"" DeleteObject bucket=1 key="b"
                3 2023-11-14T22:13:20.000002Z epoch=3 00000000000000010000000000000002 \
                by="alice \\"a\\"" DeleteObject bucket=1 key="c\\nd"
                """,
                print(records, 2, 3, null, false));
    }

    @Test
    void printsAllThatARecordHoldsAsJson() throws IOException {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", "text/plain");
        List<JournalRecord> records =
                records(
                        new ObjectChange.PutObject(
                                7,
                                "key \u0001",
                                "etag",
                                new Manifest(1, List.of(new BlobRef(1, 0xAB, 10, -1))),
                                new Attributes(headers, new TreeMap<>()),
                                List.of(
                                        new Checksum(
                                                ChecksumAlgorithm.SHA1,
                                                ChecksumType.COMPOSITE,
                                                "eA==-2")),
                                new Precondition.IfMatch("*")));
        assertEquals(
                """
                {"position":1,"partition":0,"time":"2023-11-14T22:13:20.000000Z",\
                "timeMicros":1700000000000000,"writerEpoch":3,\
                "requestId":"00000000000000010000000000000002","principal":"alice \\"a\\"",\
                "type":"PutObject","bucketId":7,"key":"key \\u0001","etag":"etag",\
                "manifest":{"pool":1,"sizeBytes":10,"blobs":[\
                {"id":"000000000000000100000000000000ab","lengthBytes":10,"crc32c":"ffffffff"}]},\
                "headers":{"content-type":"text/plain"},"metadata":{},"settings":{},\
                "checksums":[{"algorithm":"SHA1","type":"COMPOSITE","value":"eA==-2"}],\
                "ifMatch":"*"}
                """,
                print(records, 1, 1, null, true));
    }

    @Test
    void printsEveryTypeOfChangeOnOneLine() {
        ChangeGenerator changes = new ChangeGenerator(9);
        for (int round = 0; round < 50; round++) {
            for (int type = 0; type < ChangeGenerator.TYPES; type++) {
                Draft draft = changes.draft(changes.change(type));
                JournalRecord record =
                        new JournalRecord(
                                0, 5, 6, 7, draft.requestId(), draft.principal(), draft.change());
                String name = draft.change().getClass().getSimpleName();
                String text = RecordText.of(record);
                String json = RecordJson.of(record);
                assertTrue(text.contains(" " + name), text);
                assertTrue(json.contains("\"type\":\"" + name + "\""), json);
                assertFalse((text + json).chars().anyMatch(c -> c < 0x20), text + json);
            }
        }
    }

    @Test
    void picksTheRecordsOfOneBucketByNameAcrossItsLives() throws IOException {
        List<JournalRecord> records =
                records(
                        new BucketChange.CreateBucket("one", "owner"),
                        new BucketChange.CreateBucket("two", "owner"),
                        delete(1, "in one"),
                        delete(2, "in two"),
                        new BucketChange.DeleteBucket(1),
                        new BucketChange.CreateBucket("one", "owner"),
                        delete(6, "in the second one"),
                        new ObjectChange.CopyObject(
                                2, "copy", new VersionRef(6, "k", 7), null, Precondition.NONE),
                        new WindowChange.CloseWindow(0, 1));
        assertEquals(
                List.of("1", "3", "5", "6", "7", "8"),
                positions(print(records, 1, 9, "one", false)));
        assertEquals(List.of("7", "8"), positions(print(records, 7, 9, "one", false)));
        assertEquals(List.of("2", "4", "8"), positions(print(records, 1, 9, "id:2", false)));
    }

    private static List<String> positions(String printed) {
        return printed.lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }
}
