package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.journal.record.VersionId;
import io.varve.journal.record.Versioning;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class ListingTest {
    private final NamespaceFixture s3 = new NamespaceFixture();
    private final long bucket = s3.bucket("b");

    private void put(String... keys) {
        for (String key : keys) {
            s3.put(bucket, key);
        }
    }

    @Test
    void listsInTheOrderOfUtf8Bytes() {
        put("\ud83d\ude00", "\uffee", "a", "a\u0000", "a\u0001", "B", "\u00e9");
        assertEquals(
                List.of("B", "a", "a\u0000", "a\u0001", "\u00e9", "\uffee", "\ud83d\ude00"),
                s3.keys(bucket));
    }

    @Test
    void rollsKeysUpToCommonPrefixes() {
        put("a", "d/1", "d/2", "d/e/3", "e", "f/1");
        ListPage page = s3.list(bucket, "", "/", null, 10);
        assertEquals(List.of("d/", "f/"), page.commonPrefixes());
        assertEquals(2, page.objects().size());
        assertEquals(List.of("d/1", "d/2", "d/e/"), s3.lines(bucket, "d/", "/", 10));
    }

    @Test
    void pagesThroughWithAnyLimit() {
        put("a", "d/1", "d/2", "d/e/3", "e", "f/1", "f/2", "g");
        for (int limit = 1; limit < 9; limit++) {
            assertEquals(List.of("a", "d/", "e", "f/", "g"), s3.lines(bucket, "", "/", limit));
            assertEquals(
                    List.of("a", "d/1", "d/2", "d/e/3", "e", "f/1", "f/2", "g"),
                    s3.lines(bucket, "", "", limit));
        }
    }

    @Test
    void takesADelimiterOfManyCharacters() {
        put("x--y--1", "x--y--2", "x-y", "x--z");
        assertEquals(List.of("x--", "x-y"), s3.lines(bucket, "", "--", 10));
        assertEquals(List.of("x--y--", "x--z"), s3.lines(bucket, "x--", "--", 10));
    }

    @Test
    void skipsAllKeysUnderACommonPrefixThatIsTheMarker() {
        put("d/1", "d/2", "e");
        assertEquals(List.of(), s3.list(bucket, "", "/", "d/", 10).commonPrefixes());
    }

    @Test
    void showsACommonPrefixAgainWhenTheMarkerLiesInsideIt() {
        put("d/1", "d/2", "e");
        assertEquals(List.of("d/"), s3.list(bucket, "", "/", "d/1", 10).commonPrefixes());
        assertEquals(List.of(), s3.list(bucket, "", "/", "d/2", 10).commonPrefixes());
    }

    @Test
    void isNotTruncatedWhenTheLimitIsNought() {
        put("a");
        ListPage page = s3.list(bucket, "", "", null, 0);
        assertFalse(page.truncated());
        assertTrue(page.objects().isEmpty());
    }

    @Test
    void endsWithTheBucket() {
        put("a");
        s3.put(s3.bucket("c"), "b");
        assertEquals(List.of("a"), s3.keys(bucket));
    }

    @Test
    void listsNothingOfWhatWasDeleted() {
        put("a", "b", "c");
        s3.delete(bucket, "b");
        assertEquals(List.of("a", "c"), s3.keys(bucket));
    }

    @Test
    void resumesWithinTheVersionsOfAKey() {
        s3.versioning(bucket, Versioning.ENABLED);
        put("a", "k", "k", "k", "z");
        List<String> seen = new ArrayList<>();
        String key = null;
        VersionId version = null;
        do {
            var page = s3.view.listVersions(new VersionListQuery(bucket, "", "", key, version, 1));
            seen.add(page.versions().getFirst().version().key());
            key = page.nextKey();
            version = page.nextVersion();
        } while (key != null);
        assertEquals(List.of("a", "k", "k", "k", "z"), seen);
    }

    @Test
    void missesNoVersionWhenEachPageIsDeletedBeforeTheNext() {
        s3.versioning(bucket, Versioning.ENABLED);
        put("k", "k");
        s3.versioning(bucket, Versioning.SUSPENDED);
        put("k");
        s3.versioning(bucket, Versioning.ENABLED);
        put("k", "k");
        String key = null;
        VersionId version = null;
        do {
            var page = s3.view.listVersions(new VersionListQuery(bucket, "", "", key, version, 2));
            for (var listed : page.versions()) {
                s3.delete(bucket, listed.version().key(), listed.version().versionId());
            }
            key = page.nextKey();
            version = page.nextVersion();
        } while (key != null);
        assertEquals(List.of(), s3.versions(bucket));
    }

    @Test
    void listsUploadsByKeyThenAge() {
        long first = s3.startUpload(bucket, "k");
        long second = s3.startUpload(bucket, "k");
        long other = s3.startUpload(bucket, "d/1");
        var all = s3.view.uploads(new UploadListQuery(bucket, "", "", null, 0, 10));
        assertEquals(
                List.of(other, first, second), all.uploads().stream().map(Upload::id).toList());
        var rest = s3.view.uploads(new UploadListQuery(bucket, "", "", "k", first, 10));
        assertEquals(List.of(second), rest.uploads().stream().map(Upload::id).toList());
        var rolled = s3.view.uploads(new UploadListQuery(bucket, "", "/", null, 0, 1));
        assertEquals(List.of("d/"), rolled.commonPrefixes());
        assertEquals("d/", rolled.nextKey());
    }
}
