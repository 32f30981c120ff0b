package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Moments of a bucket that have a name, through both protocols. */
final class SnapshotTest {
    @TempDir Path directory;
    private TwoProtocols both;

    @BeforeEach
    void open() {
        both = new TwoProtocols(directory);
        s3("PUT", "/photos").expect(200);
        both.s3("PUT", "/photos/a").body("one").send().expect(200);
        both.s3("PUT", "/photos/b").body("two").send().expect(200);
        s3("PUT", "/photos?varve-past=snapshot&name=before").expect(200);
        both.s3("PUT", "/photos/b").body("second").send().expect(200);
        s3("DELETE", "/photos/a").expect(204);
    }

    @AfterEach
    void close() {
        both.close();
    }

    private Answer s3(String method, String path) {
        return both.s3(method, path).send();
    }

    @Test
    void keepsItsMomentWhenTheWindowHasClosed() {
        both.swift().closeWindow();
        Answer listing = s3("GET", "/photos--snap-before?list-type=2").expect(200);
        assertEquals("photos--snap-before", listing.xml("Name"));
        assertTrue(listing.text().contains("<Key>a</Key>"), listing.text());
        assertEquals("one", s3("GET", "/photos--snap-before/a").expect(200).text());
        assertEquals("two", s3("GET", "/photos--snap-before/b").expect(200).text());
        assertEquals("second", s3("GET", "/photos/b").expect(200).text());
        Answer swift =
                both.swift("GET", "/photos/a").header("X-Varve-As-Of", "snapshot:before").send();
        assertEquals("one", swift.expect(200).text());
        both.s3("POST", "/photos?varve-past=restore&to=snapshot:before").send().expect(200);
        assertEquals("one", s3("GET", "/photos/a").expect(200).text());
        assertEquals("two", s3("GET", "/photos/b").expect(200).text());
    }

    @Test
    void copiesFromASnapshotShareItsBytes() {
        both.swift().closeWindow();
        int blobs = both.swift().blobCount();
        both.s3("PUT", "/photos/c")
                .header("x-amz-copy-source", "/photos--snap-before/a")
                .send()
                .expect(200);
        assertEquals("one", s3("GET", "/photos/c").expect(200).text());
        assertEquals(blobs, both.swift().blobCount());
    }

    @Test
    void whatItHeldGoesWithIt() {
        both.swift().closeWindow();
        assertEquals(3, both.swift().blobCount());
        s3("DELETE", "/photos?varve-past=snapshot&name=before").expect(204);
        both.swift().closeWindow();
        assertEquals(1, both.swift().blobCount());
        s3("GET", "/photos--snap-before").expect(404);
    }

    @Test
    void isListedAndHasOneNameOnce() {
        String list = s3("GET", "/photos?varve-past=snapshot").expect(200).text();
        assertTrue(list.contains("\"before\""), list);
        s3("PUT", "/photos?varve-past=snapshot&name=before").expect(409);
        s3("PUT", "/photos?varve-past=snapshot&name=No").expect(400);
        s3("DELETE", "/photos?varve-past=snapshot&name=other").expect(404);
        s3("GET", "/photos--snap-other").expect(404);
        s3("PUT", "/photos--snap-before").expect(400);
        both.s3("PUT", "/photos--snap-before/x").body("x").send().expect(405);
    }

    @Test
    void onlyTheOwnerMakesOne() {
        String path = "/photos?varve-past=snapshot&name=theirs";
        both.s3("PUT", path).as(TwoProtocols.STRANGER).send().expect(403);
        both.s3("DELETE", "/photos?varve-past=snapshot&name=before")
                .as(TwoProtocols.STRANGER)
                .send()
                .expect(403);
    }

    @Test
    void aBucketStaysWhileItHasOne() {
        s3("DELETE", "/photos/b").expect(204);
        Answer refused = s3("DELETE", "/photos").expect(409);
        assertEquals("BucketNotEmpty", refused.xml("Code"));
        both.swift("DELETE", "/photos").send().expect(409);
        s3("DELETE", "/photos?varve-past=snapshot&name=before").expect(204);
        s3("DELETE", "/photos").expect(204);
    }
}
