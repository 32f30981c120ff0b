package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

final class ObjectsTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String OBJECT = CONTAINER + "/o.txt";
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void whatWasPutComesBack() {
        Answer put =
                site.request("PUT", OBJECT)
                        .header("X-Object-Meta-aBc-def", "v\u00e4")
                        .header("Content-Disposition", "inline")
                        .body("hello")
                        .send()
                        .expect(201);
        assertEquals(HELLO_MD5, put.header("Etag"));
        for (String method : new String[] {"GET", "HEAD"}) {
            Answer answer = site.request(method, OBJECT).send().expect(200);
            assertEquals(method.equals("GET") ? "hello" : "", answer.text());
            assertEquals(5, answer.announcedBytes());
            assertEquals("text/plain", answer.header("Content-Type"));
            assertEquals("v\u00e4", answer.header("X-Object-Meta-Abc-Def"));
            assertEquals("inline", answer.header("Content-Disposition"));
            assertEquals(HELLO_MD5, answer.header("Etag"));
        }
    }

    @Test
    void aWrongDigestKeepsNothing() {
        site.request("PUT", OBJECT).header("ETag", "abc").body("hello").send().expect(422);
        site.get(OBJECT).expect(404);
        site.request("PUT", OBJECT)
                .header("ETag", '"' + HELLO_MD5.toUpperCase(java.util.Locale.ROOT) + '"')
                .body("hello")
                .send()
                .expect(201);
    }

    @Test
    void aBodyNeedsALengthOrChunks() {
        Answer answer = site.request("PUT", OBJECT).send().expect(411);
        assertEquals("Missing Content-Length header.", answer.text());
        SwiftSite.Request chunked = site.request("PUT", OBJECT);
        chunked.http().chunkedBody(new ByteArrayInputStream("hi".getBytes(StandardCharsets.UTF_8)));
        chunked.send().expect(201);
        assertEquals("hi", site.get(OBJECT).text());
    }

    @Test
    void rangesComeAloneAndTogether() {
        site.put(OBJECT, "hello").expect(201);
        Answer one = range("bytes=1-2").expect(206);
        assertEquals("el", one.text());
        assertEquals("bytes 1-2/5", one.header("Content-Range"));
        assertEquals("llo", range("bytes=-3").text());
        assertEquals("bytes */5", range("bytes=5-").expect(416).header("Content-Range"));
        assertEquals("hello", range("bytes=x").expect(200).text());
        Answer two = range("bytes=0-0,3-9").expect(206);
        String boundary = two.header("Content-Type").replace("multipart/byteranges;boundary=", "");
        String expected =
                """
                --B\r
                Content-Type: text/plain\r
                Content-Range: bytes 0-0/5\r
                \r
                h\r
                --B\r
                Content-Type: text/plain\r
                Content-Range: bytes 3-4/5\r
                \r
                lo\r
                --B--\
                """
                        .replace("--B", "--" + boundary);
        assertArrayEquals(expected.getBytes(StandardCharsets.UTF_8), two.body());
        assertEquals(expected.length(), two.announcedBytes());
    }

    private Answer range(String range) {
        return site.request("GET", OBJECT).header("Range", range).send();
    }

    @Test
    void conditionsAreJudged() {
        site.put(OBJECT, "hello").expect(201);
        String modified = site.head(OBJECT).header("Last-Modified");
        site.request("GET", OBJECT).header("If-None-Match", HELLO_MD5).send().expect(304);
        site.request("GET", OBJECT).header("If-Match", "\"x\", \"y\"").send().expect(412);
        site.request("GET", OBJECT).header("If-Modified-Since", modified).send().expect(304);
        site.request("GET", OBJECT).header("If-Unmodified-Since", modified).send().expect(200);
        site.request("PUT", OBJECT).header("If-None-Match", "*").body("x").send().expect(412);
        site.request("PUT", OBJECT).header("If-None-Match", "x").body("x").send().expect(400);
        assertEquals("hello", site.get(OBJECT).text());
    }

    @Test
    void copiesKeepMetadataUnlessFresh() {
        site.request("PUT", OBJECT).header("X-Object-Meta-a", "1").body("hello").send();
        Answer copy =
                site.request("COPY", OBJECT)
                        .header("Destination", "c/copy%20one")
                        .header("X-Object-Meta-b", "2")
                        .send()
                        .expect(201);
        assertEquals("c/o.txt", copy.header("X-Copied-From"));
        Answer read = site.get(CONTAINER + "/copy%20one").expect(200);
        assertEquals("hello", read.text());
        assertEquals("1", read.header("X-Object-Meta-A"));
        assertEquals("2", read.header("X-Object-Meta-B"));
        site.request("PUT", CONTAINER + "/fresh")
                .header("X-Copy-From", "/c/o.txt")
                .header("X-Fresh-Metadata", "true")
                .body("")
                .send()
                .expect(201);
        assertEquals("(none)", site.head(CONTAINER + "/fresh").header("X-Object-Meta-A"));
        site.request("COPY", OBJECT).header("Destination", "nowhere").send().expect(412);
        site.request("COPY", OBJECT).header("Destination", "no/where").send().expect(404);
    }

    @Test
    void deletedIsGone() {
        site.put(OBJECT, "hello");
        site.delete(OBJECT).expect(204);
        site.delete(OBJECT).expect(404);
        site.get(OBJECT).expect(404);
    }

    @Test
    void namesAndMetadataHaveLimits() {
        site.put(CONTAINER + "/" + "n".repeat(1024), "x").expect(201);
        assertEquals(
                "Object name length of 1025 longer than 1024",
                site.put(CONTAINER + "/" + "n".repeat(1025), "x").expect(400).text());
        assertEquals(
                "Metadata value longer than 256: X-Object-Meta-A",
                site.request("PUT", OBJECT)
                        .header("X-Object-Meta-A", "v".repeat(257))
                        .body("")
                        .send()
                        .expect(400)
                        .text());
        site.request("PUT", OBJECT)
                .header("X-Object-Meta-" + "n".repeat(129), "v")
                .body("")
                .send()
                .expect(400);
        SwiftSite.Request many = site.request("PUT", OBJECT);
        for (int i = 0; i <= 90; i++) {
            many.header("X-Object-Meta-" + i, "v");
        }
        many.body("").send().expect(400);
        site.put(CONTAINER + "/%FF", "x").expect(412);
    }

    @Test
    void strangersAreKeptOut() {
        site.put(OBJECT, "hello");
        assertEquals(
                "Swift realm=\"AUTH_test\"",
                site.request("GET", OBJECT)
                        .anonymous()
                        .send()
                        .expect(401)
                        .header("Www-Authenticate"));
        site.request("GET", OBJECT).as("nonsense").send().expect(401);
        for (String user : new String[] {SwiftSite.STRANGER, SwiftSite.NOBODY}) {
            site.request("GET", OBJECT).as(user).send().expect(403);
            site.request("GET", CONTAINER + "/absent").as(user).send().expect(403);
            site.request("PUT", OBJECT).as(user).body("x").send().expect(403);
            site.request("DELETE", OBJECT).as(user).send().expect(403);
        }
        site.request("GET", OBJECT).as(SwiftSite.READER).send().expect(200);
        site.request("DELETE", OBJECT).as(SwiftSite.READER).send().expect(403);
        site.request("PUT", OBJECT).as(SwiftSite.RESELLER).body("x").send().expect(201);
        assertTrue(site.get(OBJECT).text().equals("x"));
    }
}
