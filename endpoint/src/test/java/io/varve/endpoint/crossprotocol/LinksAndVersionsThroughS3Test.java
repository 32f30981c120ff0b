package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class LinksAndVersionsThroughS3Test {
    private static final String NONE = "(none)";

    @TempDir Path directory;
    private TwoProtocols both;

    @BeforeEach
    void open() {
        both = new TwoProtocols(directory);
        both.swift("PUT", "/target").send().expect(201);
        both.swift("PUT", "/links").send().expect(201);
        both.swift("PUT", "/target/t").header("Content-Type", "text/x").body("hello").send();
        both.swift("PUT", "/links/l")
                .header("X-Symlink-Target", "target/t")
                .body("")
                .send()
                .expect(201);
    }

    @AfterEach
    void close() {
        both.close();
    }

    private Answer s3(String method, String path) {
        return both.s3(method, path).send();
    }

    private void readableBy(String container, String list) {
        both.swift("POST", container).header("X-Container-Read", list).body("").send().expect(204);
    }

    @Test
    void aLinkReadsAsItsTarget() {
        Answer got = s3("GET", "/links/l").expect(200);
        assertEquals("hello", got.text());
        assertEquals("text/x", got.header("Content-Type"));
        assertEquals("5d41402abc4b2a76b9719d911017c592", got.etag());
        assertEquals(5, s3("HEAD", "/links/l").expect(200).announcedBytes());
        s3("DELETE", "/target/t").expect(204);
        s3("GET", "/links/l").expect(404);
        s3("DELETE", "/links/l").expect(204);
        both.swift("HEAD", "/links/l?symlink=get").send().expect(404);
    }

    @Test
    void aLinkOpensNothingThatIsClosed() {
        readableBy("/links", "test2:*");
        Answer denied = both.s3("GET", "/links/l").as(TwoProtocols.STRANGER).send();
        denied.expect(403);
        readableBy("/target", "test2:*");
        Answer open = both.s3("GET", "/links/l").as(TwoProtocols.STRANGER).send();
        assertEquals("hello", open.expect(200).text());
    }

    @Test
    void aCopyOfALinkIsACopyOfItsTarget() {
        both.s3("PUT", "/links/copy").header("x-amz-copy-source", "/links/l").send().expect(200);
        Answer shown = both.swift("HEAD", "/links/copy?symlink=get").send().expect(200);
        assertEquals(NONE, shown.header("X-Symlink-Target"));
        assertEquals(5, shown.announcedBytes());
    }

    @Test
    void whatS3OverwritesMovesToTheArchive() {
        both.swift("PUT", "/stack")
                .header("X-Versions-Location", "links")
                .body("")
                .send()
                .expect(201);
        both.s3("PUT", "/stack/o").body("one").send().expect(200);
        both.s3("PUT", "/stack/o").body("two").send().expect(200);
        String names = both.swift("GET", "/links?prefix=001o/").send().expect(200).text();
        assertTrue(names.startsWith("001o/"), names);
        assertEquals("one", s3("GET", "/links/" + names.strip()).expect(200).text());
        s3("DELETE", "/stack/o").expect(204);
        assertEquals("one", s3("GET", "/stack/o").expect(200).text());
    }

    @Test
    void aVersionThatSwiftRestoresIsTheLatest() {
        both.swift("POST", "/target")
                .header("X-Versions-Enabled", "true")
                .body("")
                .send()
                .expect(204);
        both.swift("PUT", "/target/o").body("one").send().expect(201);
        Answer put = both.swift("PUT", "/target/o").body("two").send().expect(201);
        String two = put.header("X-Object-Version-Id");
        both.s3("PUT", "/target/o").body("three").send().expect(200);
        both.swift("PUT", "/target/o?version-id=" + two).body("").send().expect(201);
        Answer got = s3("GET", "/target/o").expect(200);
        assertEquals("two", got.text());
        assertEquals(two, got.header("x-amz-version-id"));
        String versions = s3("GET", "/target?versions&prefix=o").expect(200).text();
        assertTrue(
                versions.contains("<VersionId>" + two + "</VersionId><IsLatest>true</IsLatest>"),
                versions);
        assertEquals(2, versions.split("<IsLatest>false", -1).length - 1, versions);
        both.swift("DELETE", "/target/o?version-id=" + two).send().expect(204);
        s3("GET", "/target/o").expect(404);
        String rest = s3("GET", "/target?versions&prefix=o").expect(200).text();
        assertEquals(2, rest.split("<IsLatest>false", -1).length - 1, rest);
    }
}
