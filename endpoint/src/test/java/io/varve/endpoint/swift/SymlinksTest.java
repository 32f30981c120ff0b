package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class SymlinksTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String TARGET = CONTAINER + "/t";
    private static final String LINK = CONTAINER + "/l";
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";
    private static final String EMPTY_MD5 = "d41d8cd98f00b204e9800998ecf8427e";

    private static final String NONE = "(none)";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        site.request("PUT", TARGET)
                .header("Content-Type", "text/x")
                .header("X-Object-Meta-Color", "blue")
                .body("hello")
                .send()
                .expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private SwiftSite.Request link(String path, String target) {
        return site.request("PUT", path).header("X-Symlink-Target", target).body("");
    }

    @Test
    void aLinkReadsAsItsTargetAndSaysWhereThatIs() {
        link(LINK, "c/t").send().expect(201);
        Answer answer = site.get(LINK).expect(200);
        assertEquals("hello", answer.text());
        assertEquals("text/x", answer.header("Content-Type"));
        assertEquals("blue", answer.header("X-Object-Meta-Color"));
        assertEquals(HELLO_MD5, answer.header("Etag"));
        assertEquals("/v1/AUTH_test/c/t", answer.header("Content-Location"));
        assertEquals(
                "ell",
                site.request("GET", LINK).header("Range", "bytes=1-3").send().expect(206).text());
    }

    @Test
    void aLinkItselfIsShownWhenAskedFor() {
        link(LINK, "c/sp%20ace").header("X-Object-Meta-Own", "1").send().expect(201);
        Answer answer = site.head(LINK + "?symlink=get").expect(200);
        assertEquals("c/sp%20ace", answer.header("X-Symlink-Target"));
        assertEquals("application/symlink", answer.header("Content-Type"));
        assertEquals(EMPTY_MD5, answer.header("Etag"));
        assertEquals("1", answer.header("X-Object-Meta-Own"));
        assertEquals(NONE, answer.header("Content-Location"));
        Answer gone = site.get(LINK).expect(404);
        assertEquals("/v1/AUTH_test/c/sp%20ace", gone.header("Content-Location"));
    }

    @Test
    void malformedLinksAreRefused() {
        link(LINK, "/c/t").send().expect(412);
        link(LINK, "c").send().expect(412);
        link(LINK, "c/l").send().expect(400);
        link(LINK, "c/t").header("X-Symlink-Target-Account", "a/b").send().expect(412);
        link(LINK, "c/t").header("X-Symlink-Target-Etag", "a;b").send().expect(400);
        site.request("PUT", LINK)
                .header("X-Symlink-Target", "c/t")
                .body("not empty")
                .send()
                .expect(400);
        site.request("POST", TARGET).header("X-Symlink-Target", "c/x").body("").send().expect(400);
    }

    @Test
    void aStaticLinkIsForOneStateOfItsTarget() {
        link(LINK, "c/none").header("X-Symlink-Target-Etag", HELLO_MD5).send().expect(409);
        link(LINK, "c/t").header("X-Symlink-Target-Etag", EMPTY_MD5).send().expect(409);
        link(LINK, "c/t").header("X-Symlink-Target-Etag", HELLO_MD5).send().expect(201);
        assertEquals("hello", site.get(LINK).text());
        Answer shown = site.head(LINK + "?symlink=get").expect(200);
        assertEquals(HELLO_MD5, shown.header("X-Symlink-Target-Etag"));
        assertEquals("5", shown.header("X-Symlink-Target-Bytes"));
        assertEquals("text/x", shown.header("Content-Type"));
        site.put(TARGET, "changed").expect(201);
        site.get(LINK).expect(409);
    }

    @Test
    void onlySoManyLinksAreFollowed() {
        link(LINK, "c/t").send().expect(201);
        link(CONTAINER + "/l2", "c/l").send().expect(201);
        link(CONTAINER + "/l3", "c/l2").send().expect(201);
        assertEquals("hello", site.get(CONTAINER + "/l2").text());
        Answer answer = site.get(CONTAINER + "/l3").expect(409);
        assertEquals("Too many levels of symbolic links, maximum allowed is 2", answer.text());
    }

    @Test
    void theTargetsOwnAccessCounts() {
        site.put("/v1/AUTH_test/open").expect(201);
        site.request("POST", "/v1/AUTH_test/open")
                .header("X-Container-Read", ".r:*")
                .body("")
                .send()
                .expect(204);
        link("/v1/AUTH_test/open/l", "c/t").send().expect(201);
        link("/v1/AUTH_test/open/nowhere", "c/nothing").send().expect(201);
        site.request("GET", "/v1/AUTH_test/open/l").anonymous().send().expect(401);
        site.request("GET", "/v1/AUTH_test/open/nowhere").anonymous().send().expect(401);
        site.request("GET", "/v1/AUTH_test/open/l").as(SwiftSite.STRANGER).send().expect(403);
        site.request("POST", CONTAINER)
                .header("X-Container-Read", ".r:*")
                .body("")
                .send()
                .expect(204);
        assertEquals(
                "hello",
                site.request("GET", "/v1/AUTH_test/open/l").anonymous().send().expect(200).text());
    }

    @Test
    void aLinkMayLeadToAnotherAccount() {
        site.request("PUT", "/v1/AUTH_test2/theirs")
                .as(SwiftSite.STRANGER)
                .body("")
                .send()
                .expect(201);
        link("/v1/AUTH_test2/theirs/l", "c/t")
                .header("X-Symlink-Target-Account", "AUTH_test")
                .as(SwiftSite.STRANGER)
                .send()
                .expect(201);
        site.request("GET", "/v1/AUTH_test2/theirs/l").as(SwiftSite.STRANGER).send().expect(403);
        Answer answer =
                site.request("GET", "/v1/AUTH_test2/theirs/l").as(SwiftSite.RESELLER).send();
        assertEquals("hello", answer.expect(200).text());
        assertEquals("/v1/AUTH_test/c/t", answer.header("Content-Location"));
    }

    @Test
    void aPostLandsOnTheLinkAndPointsToTheTarget() {
        link(LINK, "c/t").send().expect(201);
        Answer answer = site.request("POST", LINK).header("X-Object-Meta-New", "x").body("").send();
        assertEquals("/v1/AUTH_test/c/t", answer.expect(307).header("Location"));
        assertEquals("x", site.head(LINK + "?symlink=get").header("X-Object-Meta-New"));
        assertEquals(NONE, site.head(LINK).header("X-Object-Meta-New"));
    }

    @Test
    void copiesAreOfTheTargetOrOfTheLink() {
        link(LINK, "c/t").send().expect(201);
        site.request("COPY", LINK).header("Destination", "c/bytes").send().expect(201);
        assertEquals(NONE, site.head(CONTAINER + "/bytes?symlink=get").header("X-Symlink-Target"));
        assertEquals("hello", site.get(CONTAINER + "/bytes").text());
        site.request("COPY", LINK + "?symlink=get")
                .header("Destination", "c/link")
                .send()
                .expect(201);
        assertEquals("c/t", site.head(CONTAINER + "/link?symlink=get").header("X-Symlink-Target"));
        site.delete(LINK).expect(204);
        assertEquals("hello", site.get(TARGET).text());
    }

    @Test
    void listingsSayWhereLinksLead() {
        link(LINK, "c/t").header("X-Symlink-Target-Etag", HELLO_MD5).send().expect(201);
        String json = site.get(CONTAINER + "?format=json&prefix=l").expect(200).text();
        assertTrue(json.contains("\"symlink_path\": \"/v1/AUTH_test/c/t\""), json);
        assertTrue(json.contains("\"symlink_etag\": \"" + HELLO_MD5 + "\""), json);
        assertTrue(json.contains("\"symlink_bytes\": 5"), json);
        assertTrue(json.contains("\"bytes\": 0"), json);
    }

    @Test
    void largeObjectsAreMadeOfWhatLinksLeadTo() {
        link(LINK, "c/t").send().expect(201);
        site.put(
                        CONTAINER + "/slo?multipart-manifest=put",
                        "[{\"path\":\"c/l\",\"size_bytes\":5},{\"path\":\"c/t\"}]")
                .expect(201);
        assertEquals("hellohello", site.get(CONTAINER + "/slo").expect(200).text());
        link(CONTAINER + "/to-slo", "c/slo").send().expect(201);
        assertEquals("hellohello", site.get(CONTAINER + "/to-slo").expect(200).text());
        site.put(TARGET, "other").expect(201);
        site.get(CONTAINER + "/slo").expect(409);
    }
}
