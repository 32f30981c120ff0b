package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;

class ObjectReadsTest {
    private static final String CONTENT = "0123456789";
    private static final String ETAG = "\"781e5e245d69b566979b86e28d23f2c7\"";

    private final TestClient client = new TestClient(new InMemoryStore());
    private String modified = "";

    @BeforeEach
    void putObject() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", CONTENT).expect(200);
        client.put("/bucket-a/empty", "").expect(200);
        modified = client.head("/bucket-a/key").header("Last-Modified");
    }

    private Answer get(String header, String value) {
        return client.request("GET", "/bucket-a/key").header(header, value).send();
    }

    @Test
    void givesTheObjectWithItsHeaders() {
        Answer answer = client.get("/bucket-a/key").expect(200);
        assertEquals(CONTENT, answer.text());
        assertEquals(ETAG, answer.header("ETag"));
        assertEquals("bytes", answer.header("Accept-Ranges"));
        assertEquals("binary/octet-stream", answer.header("Content-Type"));
        assertEquals("Fri, 02 Jan 2026 03:04:07 GMT", answer.header("Last-Modified"));
        assertEquals("(none)", answer.header("x-amz-version-id"));
    }

    @Test
    void announcesTheLengthToHeadWithoutTheBytes() {
        Answer answer = client.head("/bucket-a/key").expect(200);
        assertEquals(10, answer.announcedBytes());
        assertEquals("", answer.text());
        assertEquals(ETAG, answer.header("ETag"));
        assertEquals(404, client.head("/bucket-a/absent").status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-3    | 0123       | bytes 0-3/10",
                "bytes=3-     | 3456789    | bytes 3-9/10",
                "bytes=-4     | 6789       | bytes 6-9/10",
                "bytes=-40    | 0123456789 | bytes 0-9/10",
                "bytes=9-9    | 9          | bytes 9-9/10",
                "bytes=5-5000 | 56789      | bytes 5-9/10",
                "bytes=0-9223372036854775807 | 0123456789 | bytes 0-9/10",
                "bytes = 1 - 2 | 12        | bytes 1-2/10",
            })
    void givesARange(String range, String content, String contentRange) {
        Answer answer = get("Range", range).expect(206);
        assertEquals(content, answer.text());
        assertEquals(contentRange, answer.header("Content-Range"));
        Answer head =
                client.request("HEAD", "/bucket-a/key").header("Range", range).send().expect(206);
        assertEquals(content.length(), head.announcedBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-1,3-4",
                "bytes=4-2",
                "bytes=-",
                "bytes=a-b",
                "bytes",
                "items=0-3",
                "",
                "bytes=--3",
                "bytes=0x1-3"
            })
    void givesTheWholeForARangeItDoesNotKnow(String range) {
        assertEquals(CONTENT, get("Range", range).expect(200).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-20", "bytes=99999999999999999999-", "bytes=-0"})
    void refusesARangeOutsideTheObject(String range) {
        Answer answer = get("Range", range).expect(416, "InvalidRange");
        assertEquals("10", answer.xml("ActualObjectSize"));
        assertEquals(range, answer.xml("RangeRequested"));
        assertEquals("bytes */10", answer.header("Content-Range"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-", "bytes=-5", "bytes=0-0"})
    void refusesAnyRangeOfAnEmptyObject(String range) {
        client.request("GET", "/bucket-a/empty")
                .header("Range", range)
                .send()
                .expect(416, "InvalidRange");
        assertEquals("", client.get("/bucket-a/empty").expect(200).text());
    }

    @Test
    void givesTheFirstPartOfAnObjectThatHasNone() {
        Answer answer = client.get("/bucket-a/key?partNumber=1").expect(206);
        assertEquals(CONTENT, answer.text());
        assertEquals("bytes 0-9/10", answer.header("Content-Range"));
        assertEquals("(none)", answer.header("x-amz-mp-parts-count"));
        client.get("/bucket-a/empty?partNumber=1").expect(200);
        Answer second = client.get("/bucket-a/key?partNumber=2").expect(416, "InvalidPartNumber");
        assertEquals("1", second.xml("ActualPartCount"));
        client.get("/bucket-a/key?partNumber=0").expect(400, "InvalidArgument");
        client.request("GET", "/bucket-a/key?partNumber=1")
                .header("Range", "bytes=0-1")
                .send()
                .expect(400, "InvalidRequest");
    }

    @Test
    void comparesTags() {
        get("If-Match", ETAG).expect(200);
        get("If-Match", "781e5e245d69b566979b86e28d23f2c7").expect(200);
        get("If-Match", "\"x\", " + ETAG).expect(200);
        get("If-Match", "*").expect(200);
        assertEquals(
                "If-Match",
                get("If-Match", "\"x\"").expect(412, "PreconditionFailed").xml("Condition"));
        get("If-None-Match", "\"x\"").expect(200);
        get("If-None-Match", "\"x\", W/" + ETAG).expect(304);
        get("If-None-Match", "*").expect(304);
    }

    @Test
    void givesValidatorsWithoutABodyWhenNotModified() {
        Answer answer = get("If-None-Match", ETAG).expect(304);
        assertEquals(ETAG, answer.header("ETag"));
        assertEquals(modified, answer.header("Last-Modified"));
        assertEquals(0, answer.announcedBytes());
    }

    @Test
    void comparesDates() {
        String before = shifted(Duration.ofSeconds(-1));
        String after = shifted(Duration.ofSeconds(1));
        get("If-Modified-Since", before).expect(200);
        get("If-Modified-Since", modified).expect(304);
        get("If-Modified-Since", after).expect(304);
        get("If-Unmodified-Since", before).expect(412, "PreconditionFailed");
        get("If-Unmodified-Since", modified).expect(200);
        get("If-Unmodified-Since", after).expect(200);
    }

    @Test
    void ignoresADateThatIsInTheFutureOrNone() {
        get("If-Modified-Since", Timestamps.http(TestClient.NOW.plusSeconds(3600))).expect(200);
        get("If-Modified-Since", "yesterday").expect(200);
        get("If-Unmodified-Since", "yesterday").expect(200);
    }

    private String shifted(Duration by) {
        Instant at = Timestamps.parseHttp(modified).orElseThrow();
        return Timestamps.http(at.plus(by));
    }

    /** A tag that is known says more than a date. */
    @Test
    void prefersTagsToDates() {
        client.request("GET", "/bucket-a/key")
                .header("If-Match", ETAG)
                .header("If-Unmodified-Since", shifted(Duration.ofSeconds(-1)))
                .send()
                .expect(200);
        client.request("GET", "/bucket-a/key")
                .header("If-None-Match", "\"x\"")
                .header("If-Modified-Since", modified)
                .send()
                .expect(200);
        client.request("GET", "/bucket-a/key")
                .header("If-None-Match", ETAG)
                .header("If-Modified-Since", shifted(Duration.ofSeconds(-1)))
                .send()
                .expect(304);
        client.request("GET", "/bucket-a/key")
                .header("If-Match", "\"x\"")
                .header("If-None-Match", ETAG)
                .send()
                .expect(412, "PreconditionFailed");
    }

    @Test
    void givesARangeOnlyOfTheVersionThatIfRangeNames() {
        assertEquals(
                "01",
                client.request("GET", "/bucket-a/key")
                        .header("Range", "bytes=0-1")
                        .header("If-Range", ETAG)
                        .send()
                        .expect(206)
                        .text());
        assertEquals(
                CONTENT,
                client.request("GET", "/bucket-a/key")
                        .header("Range", "bytes=0-1")
                        .header("If-Range", "\"x\"")
                        .send()
                        .expect(200)
                        .text());
    }

    @Test
    void overridesHeadersAsAsked() {
        Answer answer =
                client.get(
                                "/bucket-a/key?response-cache-control=no-cache"
                                        + "&response-content-disposition="
                                        + "attachment%3B%20filename%3D%22a%20b%22"
                                        + "&response-content-encoding=identity"
                                        + "&response-content-language=de"
                                        + "&response-content-type=text%2Fplain"
                                        + "&response-expires="
                                        + "Thu%2C%2001%20Dec%202027%2016%3A00%3A00%20GMT")
                        .expect(200);
        assertEquals("no-cache", answer.header("Cache-Control"));
        assertEquals("attachment; filename=\"a b\"", answer.header("Content-Disposition"));
        assertEquals("identity", answer.header("Content-Encoding"));
        assertEquals("de", answer.header("Content-Language"));
        assertEquals("text/plain", answer.header("Content-Type"));
        assertEquals("Thu, 01 Dec 2027 16:00:00 GMT", answer.header("Expires"));
    }

    @Test
    void refusesAnOverrideThatWouldBeginAHeader() {
        client.get("/bucket-a/key?response-content-type=a%0D%0ASet-Cookie%3A%20b")
                .expect(400, "InvalidArgument");
    }

    @Test
    void tellsWhatIsNotThere() {
        assertEquals("absent", client.get("/bucket-a/absent").expect(404, "NoSuchKey").xml("Key"));
        client.get("/absent/key").expect(404, "NoSuchBucket");
        client.get("/bucket-a/key?versionId=x").expect(400, "InvalidArgument");
        client.get("/bucket-a/key?versionId=").expect(400, "InvalidArgument");
        assertEquals(CONTENT, client.get("/bucket-a/key?versionId=null").expect(200).text());
    }

    @Test
    void tellsAttributes() {
        Answer answer =
                client.request("GET", "/bucket-a/key?attributes")
                        .header("x-amz-object-attributes", "ETag,ObjectSize, StorageClass,Checksum")
                        .header("x-amz-object-attributes", "ObjectParts")
                        .send()
                        .expect(200);
        assertEquals("781e5e245d69b566979b86e28d23f2c7", answer.xml("ETag"));
        assertEquals("10", answer.xml("ObjectSize"));
        assertEquals("STANDARD", answer.xml("StorageClass"));
        assertEquals("(none)", answer.xml("Checksum"));
        assertEquals("(none)", answer.xml("ObjectParts"));
        assertEquals(modified, answer.header("Last-Modified"));
        client.get("/bucket-a/key?attributes").expect(400, "InvalidRequest");
        client.request("GET", "/bucket-a/key?attributes")
                .header("x-amz-object-attributes", "Colour")
                .send()
                .expect(400, "InvalidArgument");
    }

    @Test
    void tellsThatAnObjectHasNoTagsAndNoLock() {
        assertEquals("", client.get("/bucket-a/key?tagging").expect(200).xml("TagSet"));
        client.delete("/bucket-a/key?tagging").expect(204);
        client.get("/bucket-a/key?retention").expect(400, "InvalidRequest");
        client.get("/bucket-a/key?legal-hold").expect(400, "InvalidRequest");
        client.get("/bucket-a/absent?tagging").expect(404, "NoSuchKey");
    }
}
