package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectCopiesTest {
    private static final String ETAG = "\"5d41402abc4b2a76b9719d911017c592\"";

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void putObjects() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.request("PUT", "/bucket-b").send().expect(200);
        client.request("PUT", "/bucket-a/key")
                .header("Content-Type", "text/plain")
                .header("x-amz-meta-colour", "blue")
                .header("x-amz-website-redirect-location", "/there")
                .body("hello")
                .send()
                .expect(200);
    }

    private TestClient.Request copy(String source, String target) {
        return client.request("PUT", target).header("x-amz-copy-source", source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bucket-a/key",
                "/bucket-a/key",
                "%2Fbucket-a%2Fkey",
                "bucket-a%2Fkey",
                "/bucket-a/%6bey",
                "/bucket-a/key?versionId=null"
            })
    void copiesFromEveryFormOfSource(String source) {
        Answer answer = copy(source, "/bucket-b/copy").send().expect(200);
        assertEquals(ETAG, answer.xml("ETag"));
        Answer copied = client.get("/bucket-b/copy").expect(200);
        assertEquals("hello", copied.text());
        assertEquals("text/plain", copied.header("Content-Type"));
        assertEquals("blue", copied.header("x-amz-meta-colour"));
        assertEquals("(none)", copied.header("x-amz-website-redirect-location"));
    }

    @ParameterizedTest
    @CsvSource({
        "a+b, bucket-a/a+b",
        "a b, bucket-a/a%20b",
        "100%, bucket-a/100%25",
        "100%, bucket-a/100%",
        "a?b, bucket-a/a%3Fb",
        "a?b, bucket-a/a?b",
        "grün, bucket-a/gr%C3%BCn",
        "grün, bucket-a/grün",
        "/x, bucket-a//x",
    })
    void copiesFromOddKeys(String key, String source) {
        client.put("/bucket-a/" + TestSigner.escape(key), "odd").expect(200);
        copy(source, "/bucket-b/copy").send().expect(200);
        assertEquals("odd", client.get("/bucket-b/copy").text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bucket-a", "bucket-a/", "/", "//key", "/bucket-a/"})
    void refusesASourceThatIsNone(String source) {
        copy(source, "/bucket-b/copy").send().expect(400, "InvalidArgument");
    }

    @Test
    void tellsWhichSourceIsNotThere() {
        copy("absent/key", "/bucket-b/copy").send().expect(404, "NoSuchBucket");
        copy("bucket-a/absent", "/bucket-b/copy").send().expect(404, "NoSuchKey");
        copy("bucket-a/key?versionId=x", "/bucket-b/copy").send().expect(400, "InvalidArgument");
        copy("bucket-a/key?versionId=", "/bucket-b/copy").send().expect(400, "InvalidArgument");
        copy("bucket-a/key", "/absent/copy").send().expect(404, "NoSuchBucket");
        copy("bucket-a/key", "/bucket-b/copy")
                .header("x-amz-source-expected-bucket-owner", "account-2")
                .send()
                .expect(403, "AccessDenied");
    }

    @Test
    void replacesTheAttributes() {
        copy("bucket-a/key", "/bucket-a/key")
                .header("x-amz-metadata-directive", "REPLACE")
                .header("x-amz-meta-size", "big")
                .send()
                .expect(200);
        Answer copied = client.get("/bucket-a/key").expect(200);
        assertEquals("hello", copied.text());
        assertEquals("binary/octet-stream", copied.header("Content-Type"));
        assertEquals("(none)", copied.header("x-amz-meta-colour"));
        assertEquals("big", copied.header("x-amz-meta-size"));
    }

    @Test
    void refusesACopyOntoItselfThatChangesNothing() {
        copy("bucket-a/key", "/bucket-a/key").send().expect(400, "InvalidRequest");
        copy("bucket-a/key", "/bucket-a/key")
                .header("x-amz-website-redirect-location", "/new")
                .send()
                .expect(200);
        assertEquals(
                "/new", client.head("/bucket-a/key").header("x-amz-website-redirect-location"));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-metadata-directive, KEEP",
        "x-amz-tagging-directive, KEEP",
        "x-amz-copy-source-if-match, \"x\"",
    })
    void refusesWhatItDoesNotKnow(String header, String value) {
        Answer answer = copy("bucket-a/key", "/bucket-b/copy").header(header, value).send();
        answer.expect(header.contains("match") ? 412 : 400);
        client.get("/bucket-b/copy").expect(404, "NoSuchKey");
    }

    @Test
    void copiesOnlyUnderTheConditionsOnTheSource() {
        String modified = client.head("/bucket-a/key").header("Last-Modified");
        copy("bucket-a/key", "/bucket-b/1")
                .header("x-amz-copy-source-if-match", ETAG)
                .send()
                .expect(200);
        copy("bucket-a/key", "/bucket-b/2")
                .header("x-amz-copy-source-if-none-match", ETAG)
                .send()
                .expect(412, "PreconditionFailed");
        copy("bucket-a/key", "/bucket-b/3")
                .header("x-amz-copy-source-if-modified-since", modified)
                .send()
                .expect(412, "PreconditionFailed");
        copy("bucket-a/key", "/bucket-b/4")
                .header("x-amz-copy-source-if-unmodified-since", modified)
                .send()
                .expect(200);
        copy("bucket-a/key", "/bucket-b/4")
                .header("If-None-Match", "*")
                .send()
                .expect(412, "PreconditionFailed");
    }

    @Test
    void copiesAnOldVersionBack() {
        client.put(
                        "/bucket-a?versioning",
                        "<VersioningConfiguration><Status>Enabled</Status>"
                                + "</VersioningConfiguration>")
                .expect(200);
        client.put("/bucket-a/key", "newer").expect(200);
        Answer answer = copy("bucket-a/key?versionId=null", "/bucket-a/key").send().expect(200);
        assertEquals("null", answer.header("x-amz-copy-source-version-id"));
        assertEquals("hello", client.get("/bucket-a/key").text());
        String marker = client.delete("/bucket-a/key").header("x-amz-version-id");
        copy("bucket-a/key", "/bucket-b/copy").send().expect(404, "NoSuchKey");
        copy("bucket-a/key?versionId=" + marker, "/bucket-b/copy")
                .send()
                .expect(400, "InvalidRequest");
    }

    @Test
    void computesAChecksumThatTheSourceDoesNotHave() {
        Answer answer =
                copy("bucket-a/key", "/bucket-b/copy")
                        .header("x-amz-checksum-algorithm", "SHA256")
                        .send()
                        .expect(200);
        assertEquals("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", answer.xml("ChecksumSHA256"));
        Answer again =
                copy("bucket-b/copy", "/bucket-b/second")
                        .header("x-amz-checksum-algorithm", "SHA256")
                        .send()
                        .expect(200);
        assertEquals("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=", again.xml("ChecksumSHA256"));
        assertEquals("hello", client.get("/bucket-b/second").text());
        assertEquals("blue", client.head("/bucket-b/second").header("x-amz-meta-colour"));
    }
}
