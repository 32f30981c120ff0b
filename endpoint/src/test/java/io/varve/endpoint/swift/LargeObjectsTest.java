package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

final class LargeObjectsTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String WHOLE = CONTAINER + "/whole";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        for (int i = 1; i <= 3; i++) {
            site.put(CONTAINER + "/seg" + i, "segment" + i).expect(201);
        }
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Answer manifest(String name, String json) {
        return site.put(CONTAINER + "/" + name + "?multipart-manifest=put", json);
    }

    private void three() {
        manifest(
                        "whole",
                        """
                        [{"path": "/c/seg1"}, {"path": "c/seg2", "size_bytes": 8},
                         {"path": "/c/seg3", "range": "1-3"}]\
                        """)
                .expect(201);
    }

    @Test
    void staticOnesReadAsOne() {
        three();
        Answer whole = site.get(WHOLE).expect(200);
        assertEquals("segment1segment2egm", whole.text());
        // What a Swift of OpenStack answers to the same manifest.
        assertEquals("\"dfb2bf5eb9bc30eb365edb0508344d38\"", whole.header("Etag"));
        assertEquals("True", whole.header("X-Static-Large-Object"));
        assertEquals(19, site.head(WHOLE).announcedBytes());
        assertEquals("t1se", range("bytes=6-9"));
        assertEquals("2egm", range("bytes=-4"));
        String listing = site.get(CONTAINER + "?format=json&prefix=whole").text();
        assertTrue(listing.contains("\"bytes\": 19"), listing);
        site.request("GET", WHOLE)
                .header("If-None-Match", "\"dfb2bf5eb9bc30eb365edb0508344d38\"")
                .send()
                .expect(304);
    }

    private String range(String range) {
        return site.request("GET", WHOLE).header("Range", range).send().expect(206).text();
    }

    @Test
    void theyNestAndTakeBytesFromTheManifest() {
        three();
        manifest("outer", "[{\"path\": \"/c/whole\"}, {\"data\": \"aGVsbG8=\"}]").expect(201);
        assertEquals("segment1segment2egmhello", site.get(CONTAINER + "/outer").text());
        Answer raw = site.get(CONTAINER + "/outer?multipart-manifest=get&format=raw");
        assertEquals(
                "[{\"etag\": \"dfb2bf5eb9bc30eb365edb0508344d38\", \"path\": \"/c/whole\","
                        + " \"size_bytes\": 19}, {\"data\": \"aGVsbG8=\"}]",
                raw.text());
        assertEquals(
                "Number Deleted: 5\nNumber Not Found: 0\nResponse Body: \n"
                        + "Response Status: 200 OK\nErrors:\n",
                site.delete(CONTAINER + "/outer?multipart-manifest=delete").text());
        assertEquals("", site.get(CONTAINER).text());
    }

    @Test
    void conditionsOfAWriteCompareWhatReadersAreShown() {
        three();
        site.put(CONTAINER + "/plain", "x").expect(201);
        manifestOf("dynamic", "X-Object-Manifest", "c/seg");
        manifestOf("link", "X-Symlink-Target", "c/plain");
        for (String name : List.of("whole", "dynamic", "link")) {
            String path = CONTAINER + "/" + name;
            String shown = site.head(path).expect(200).etag();
            String kept = "d41d8cd98f00b204e9800998ecf8427e";
            overwrite(path, kept).expect(412);
            overwrite(path, "*").expect(201);
            assertEquals("overwritten", site.get(path).text());
            overwrite(path, shown).expect(412);
            overwrite(path, site.head(path).etag()).expect(201);
        }
        three();
        overwrite(WHOLE, site.head(WHOLE).etag()).expect(201);
        manifestOf("dynamic", "X-Object-Manifest", "c/seg");
        String dynamic = CONTAINER + "/dynamic";
        String etag = site.head(dynamic).etag();
        site.put(CONTAINER + "/seg4", "more").expect(201);
        overwrite(dynamic, etag).expect(412);
        overwrite(dynamic, site.head(dynamic).etag()).expect(201);
        manifestOf("nowhere", "X-Symlink-Target", "c/missing");
        overwrite(CONTAINER + "/nowhere", etag).expect(412);
        overwrite(CONTAINER + "/absent", etag).expect(404);
    }

    private void manifestOf(String name, String header, String value) {
        site.request("PUT", CONTAINER + "/" + name)
                .header(header, value)
                .body("")
                .send()
                .expect(201);
    }

    private Answer overwrite(String path, String etag) {
        return site.request("PUT", path).header("If-Match", etag).body("overwritten").send();
    }

    @Test
    void aSegmentThatIsGoneOrOtherIsNotReadOver() {
        three();
        site.put(CONTAINER + "/seg2", "changed!").expect(201);
        site.get(WHOLE).expect(409);
        assertEquals("segm", range("bytes=0-3"));
        site.delete(CONTAINER + "/seg1").expect(204);
        site.get(WHOLE).expect(409);
    }

    @Test
    void manifestsAreCheckedBeforeTheyAreKept() {
        assertEquals("Manifest must be valid JSON.\n", manifest("m", "x").expect(400).text());
        assertEquals(
                "Index 0: extraneous keys \"foo\"\n",
                manifest("m", "[{\"path\": \"/c/seg1\", \"foo\": 1}]").expect(400).text());
        assertEquals(
                "Errors:\n/c/nope, 404 Not Found\n/c/seg2, Size Mismatch\n/c/seg1, Etag Mismatch\n",
                manifest(
                                "m",
                                """
                                [{"path": "/c/nope"}, {"path": "/c/seg2", "size_bytes": 9},
                                 {"path": "/c/seg1", "etag": "zz"}]\
                                """)
                        .expect(400)
                        .text());
        site.get(CONTAINER + "/m").expect(404);
    }

    @Test
    void dynamicOnesAreWhateverBeginsSo() {
        site.request("PUT", WHOLE).header("X-Object-Manifest", "c/seg").body("").send();
        Answer whole = site.get(WHOLE).expect(200);
        assertEquals("segment1segment2segment3", whole.text());
        assertEquals("\"c0d618d58170355e52d00958681e264f\"", whole.header("Etag"));
        site.put(CONTAINER + "/seg4", "!").expect(201);
        assertEquals("3!", range("bytes=23-"));
        site.request("PUT", WHOLE).header("X-Object-Manifest", "seg").body("").send().expect(400);
    }

    @Test
    void copiesAreOfTheBytesOrOfTheManifest() {
        three();
        site.request("COPY", WHOLE).header("Destination", "c/bytes").send().expect(201);
        assertEquals("(none)", site.head(CONTAINER + "/bytes").header("X-Static-Large-Object"));
        site.request("COPY", WHOLE + "?multipart-manifest=get")
                .header("Destination", "c/again")
                .send()
                .expect(201);
        site.delete(CONTAINER + "/seg1").expect(204);
        assertEquals("segment1segment2egm", site.get(CONTAINER + "/bytes").text());
        site.get(CONTAINER + "/again").expect(409);
    }

    @Test
    void deletingInTheBackgroundTakesSegmentsOfOneContainerAlone() {
        String outer = CONTAINER + "/outer";
        three();
        manifest("outer", "[{\"path\": \"/c/whole\"}]").expect(201);
        Answer nested = site.delete(outer + "?multipart-manifest=delete&async=on").expect(400);
        assertEquals("No segments may be large objects.", nested.text());
        site.put("/v1/AUTH_test/d").expect(201);
        site.put("/v1/AUTH_test/d/seg", "segment").expect(201);
        manifest("outer", "[{\"path\": \"/c/seg1\"}, {\"path\": \"/d/seg\"}]").expect(201);
        assertEquals(
                "All segments must be in one container. Found segments in \"c\", \"d\"",
                site.delete(outer + "?multipart-manifest=delete&async=on").expect(400).text());
        site.get(outer).expect(200);
        Answer none = site.delete(CONTAINER + "/seg1?multipart-manifest=delete&async=on");
        assertEquals("Not an SLO manifest", none.expect(400).text());
        site.delete(CONTAINER + "/no?multipart-manifest=delete&async=on").expect(404);
        site.delete(WHOLE + "?multipart-manifest=delete&async=yes").expect(204);
        assertEquals(List.of("outer"), site.get(CONTAINER).lines());
    }

    @Test
    void nothingIsDeletedUnlessAllMayBe() {
        site.put("/v1/AUTH_test/d").expect(201);
        site.request("POST", "/v1/AUTH_test/d")
                .header("X-Container-Write", "test2:*")
                .body("")
                .send();
        site.put("/v1/AUTH_test/d/seg", "segment").expect(201);
        site.put(
                        "/v1/AUTH_test/d/whole?multipart-manifest=put",
                        "[{\"path\": \"/d/seg\"}, {\"path\": \"/c/seg1\"}]")
                .expect(201);
        site.request("DELETE", "/v1/AUTH_test/d/whole?multipart-manifest=delete")
                .as(SwiftSite.STRANGER)
                .send()
                .expect(403);
        site.get("/v1/AUTH_test/d/seg").expect(200);
    }
}
