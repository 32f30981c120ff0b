package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class MultipartTest {
    private static final int MIN = 5 * 1024 * 1024;

    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void createBucket() {
        client.request("PUT", "/bucket-a").send().expect(200);
    }

    private static byte[] bytes(int size, int fill) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private String create(String... headers) {
        TestClient.Request request = client.request("POST", "/bucket-a/key?uploads");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send().expect(200).xml("UploadId");
    }

    private Answer part(String upload, int number, byte[] content) {
        return client.request("PUT", "/bucket-a/key?partNumber=" + number + "&uploadId=" + upload)
                .body(content)
                .send();
    }

    /** Number and tag in turn. */
    private static String document(Object... parts) {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < parts.length; i += 2) {
            xml.append("<Part><PartNumber>")
                    .append(parts[i])
                    .append("</PartNumber><ETag>")
                    .append(parts[i + 1])
                    .append("</ETag></Part>");
        }
        return xml.append("</CompleteMultipartUpload>").toString();
    }

    private Answer complete(String upload, Object... parts) {
        return client.post("/bucket-a/key?uploadId=" + upload, document(parts));
    }

    @Test
    void makesAnObjectOfPartsInAnyOrderOfArrival() {
        String upload = create("x-amz-meta-a", "b", "Content-Type", "text/plain");
        String third = part(upload, 7, bytes(3, 'c')).expect(200).header("ETag");
        String first = part(upload, 1, bytes(MIN, 'a')).expect(200).header("ETag");
        String second = part(upload, 5, bytes(MIN, 'b')).expect(200).header("ETag");
        part(upload, 6, bytes(10, 'x')).expect(200);
        client.get("/bucket-a/key").expect(404, "NoSuchKey");
        Answer answer = complete(upload, 1, first, 5, second, 7, third).expect(200);
        assertTrue(answer.xml("ETag").endsWith("-3\""), answer.xml("ETag"));
        assertEquals("http://localhost:9000/bucket-a/key?".split("\\?")[0], answer.xml("Location"));
        assertEquals("bucket-a", answer.xml("Bucket"));
        assertEquals("key", answer.xml("Key"));
        Answer object = client.get("/bucket-a/key").expect(200);
        assertEquals(2 * MIN + 3, object.body().length);
        assertEquals(answer.xml("ETag"), object.header("ETag"));
        assertEquals("b", object.header("x-amz-meta-a"));
        assertEquals("text/plain", object.header("Content-Type"));
        part(upload, 1, bytes(1, 'a')).expect(404, "NoSuchUpload");
    }

    /** The tag that S3 gives an upload of these parts. */
    @Test
    void computesTheTagFromThePartsTags() {
        String upload = create();
        String first = part(upload, 1, bytes(MIN, 'a')).header("ETag");
        String second = part(upload, 2, bytes(1, 'b')).header("ETag");
        Answer answer = complete(upload, 1, first, 2, second).expect(200);
        assertEquals("\"79b281060d337b9b2b84ccf390adcf74\"", first);
        assertEquals(
                "\"" + ETags.composite(List.of(ETags.bare(first), ETags.bare(second))) + "\"",
                answer.xml("ETag"));
    }

    @Test
    void takesTheLastOfTwoUploadsOfAPart() {
        String upload = create();
        String before = part(upload, 1, bytes(10, 'a')).header("ETag");
        String after = part(upload, 1, bytes(20, 'b')).header("ETag");
        complete(upload, 1, before).expect(400, "InvalidPart");
        complete(upload, 1, after).expect(200);
        assertArrayEquals(bytes(20, 'b'), client.get("/bucket-a/key").body());
    }

    @Test
    void givesSinglePartsOfTheObject() {
        String upload = create();
        String first = part(upload, 2, bytes(MIN, 'a')).header("ETag");
        String second = part(upload, 4, bytes(7, 'b')).header("ETag");
        complete(upload, 2, first, 4, second).expect(200);
        Answer part = client.get("/bucket-a/key?partNumber=2").expect(206);
        assertArrayEquals(bytes(7, 'b'), part.body());
        assertEquals("2", part.header("x-amz-mp-parts-count"));
        assertEquals(
                "bytes " + MIN + "-" + (MIN + 6) + "/" + (MIN + 7), part.header("Content-Range"));
        assertEquals(MIN, client.head("/bucket-a/key?partNumber=1").expect(206).announcedBytes());
        assertEquals(
                "2",
                client.get("/bucket-a/key?partNumber=3")
                        .expect(416, "InvalidPartNumber")
                        .xml("ActualPartCount"));
        Answer attributes =
                client.request("GET", "/bucket-a/key?attributes")
                        .header("x-amz-object-attributes", "ObjectParts")
                        .send();
        assertEquals("2", attributes.xml("PartsCount"));
        assertEquals(List.of(), attributes.all("Part"));
    }

    @Test
    void refusesPartsThatAreTooSmall() {
        String upload = create();
        String first = part(upload, 1, bytes(MIN - 1, 'a')).header("ETag");
        String second = part(upload, 2, bytes(1, 'b')).header("ETag");
        Answer answer = complete(upload, 1, first, 2, second).expect(400, "EntityTooSmall");
        assertEquals(Integer.toString(MIN), answer.xml("MinSizeAllowed"));
        assertEquals(Integer.toString(MIN - 1), answer.xml("ProposedSize"));
        assertEquals("1", answer.xml("PartNumber"));
        complete(upload, 1, first).expect(200);
    }

    @Test
    void refusesPartsOutOfOrderOrUnknown() {
        String upload = create();
        String first = part(upload, 1, bytes(MIN, 'a')).header("ETag");
        String second = part(upload, 2, bytes(1, 'b')).header("ETag");
        complete(upload, 2, second, 1, first).expect(400, "InvalidPartOrder");
        complete(upload, 1, first, 1, first).expect(400, "InvalidPartOrder");
        complete(upload, 1, first, 3, second).expect(400, "InvalidPart");
        complete(upload, 1, second).expect(400, "InvalidPart");
        complete(upload, 1, "xyz").expect(400, "InvalidPart");
        complete(upload, 0, first).expect(400);
        complete(upload, 10_001, first).expect(400, "InvalidArgument");
        complete(upload).expect(400, "MalformedXML");
        client.post("/bucket-a/key?uploadId=" + upload, "<a/>").expect(400, "MalformedXML");
        client.post(
                        "/bucket-a/key?uploadId=" + upload,
                        "<CompleteMultipartUpload><Part><PartNumber>x</PartNumber>"
                                + "<ETag>a</ETag></Part></CompleteMultipartUpload>")
                .expect(400, "MalformedXML");
        complete(upload, 1, ETags.bare(first), 2, second).expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "10001", "-1", "x", ""})
    void refusesAPartNumberOutOfRange(String number) {
        String upload = create();
        client.put("/bucket-a/key?partNumber=" + number + "&uploadId=" + upload, "x")
                .expect(400, "InvalidArgument");
    }

    @Test
    void answersARepeatedCompletionAsTheFirst() {
        String upload = create();
        String tag = part(upload, 1, bytes(5, 'a')).header("ETag");
        Answer first = complete(upload, 1, tag).expect(200);
        Answer second = complete(upload, 1, tag).expect(200);
        assertEquals(first.xml("ETag"), second.xml("ETag"));
        complete(upload, 1, "0cc175b9c0f1b6a831c399e269772661").expect(404, "NoSuchUpload");
    }

    @Test
    void knowsOnlyUploadsThatAreOpen() {
        String upload = create();
        for (String id : List.of("x", "", upload.substring(1) + "0", "00000000000000000000")) {
            client.put("/bucket-a/key?partNumber=1&uploadId=" + id, "x")
                    .expect(404, "NoSuchUpload");
            client.get("/bucket-a/key?uploadId=" + id).expect(404, "NoSuchUpload");
            client.delete("/bucket-a/key?uploadId=" + id).expect(404, "NoSuchUpload");
        }
        client.put("/bucket-a/other?partNumber=1&uploadId=" + upload, "x")
                .expect(404, "NoSuchUpload");
        client.delete("/bucket-a/key?uploadId=" + upload).expect(204);
        client.delete("/bucket-a/key?uploadId=" + upload).expect(404, "NoSuchUpload");
        part(upload, 1, bytes(1, 'a')).expect(404, "NoSuchUpload");
        complete(upload, 1, "0cc175b9c0f1b6a831c399e269772661").expect(404, "NoSuchUpload");
    }

    @Test
    void completesOnlyWhereNothingIs() {
        client.put("/bucket-a/key", "x").expect(200);
        String upload = create();
        String tag = part(upload, 1, bytes(5, 'a')).header("ETag");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("If-None-Match", "*")
                .body(document(1, tag))
                .send()
                .expect(412, "PreconditionFailed");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("If-Match", client.head("/bucket-a/key").header("ETag"))
                .body(document(1, tag))
                .send()
                .expect(200);
    }

    @Test
    void refusesASizeOtherThanAnnounced() {
        String upload = create();
        String tag = part(upload, 1, bytes(5, 'a')).header("ETag");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("x-amz-mp-object-size", "6")
                .body(document(1, tag))
                .send()
                .expect(400, "InvalidRequest");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("x-amz-mp-object-size", "5")
                .body(document(1, tag))
                .send()
                .expect(200);
    }

    @Test
    void listsPartsInPages() {
        String upload = create();
        for (int number : new int[] {3, 1, 9, 20}) {
            part(upload, number, bytes(number, 'a')).expect(200);
        }
        Answer first = client.get("/bucket-a/key?max-parts=3&uploadId=" + upload).expect(200);
        assertEquals(List.of("1", "3", "9"), first.all("PartNumber"));
        assertEquals(List.of("1", "3", "9"), first.all("Size"));
        assertEquals("true", first.xml("IsTruncated"));
        assertEquals("9", first.xml("NextPartNumberMarker"));
        assertEquals("root", first.xml("ID"));
        Answer second =
                client.get("/bucket-a/key?part-number-marker=9&uploadId=" + upload).expect(200);
        assertEquals(List.of("20"), second.all("PartNumber"));
        assertEquals("9", second.xml("PartNumberMarker"));
        assertEquals("false", second.xml("IsTruncated"));
        client.get("/bucket-a/key?part-number-marker=x&uploadId=" + upload)
                .expect(400, "InvalidArgument");
    }

    @Test
    void listsUploadsInPages() {
        List<String> ids = new ArrayList<>();
        for (String key : List.of("a", "a", "b/1", "b/2", "c")) {
            ids.add(client.request("POST", "/bucket-a/" + key + "?uploads").send().xml("UploadId"));
        }
        Answer all = client.get("/bucket-a?uploads").expect(200);
        assertEquals(ids, all.all("UploadId"));
        assertEquals(List.of("a", "a", "b/1", "b/2", "c"), all.all("Key"));
        assertEquals("false", all.xml("IsTruncated"));
        Answer first = client.get("/bucket-a?max-uploads=1&uploads").expect(200);
        assertEquals("a", first.xml("NextKeyMarker"));
        assertEquals(ids.get(0), first.xml("NextUploadIdMarker"));
        Answer second =
                client.get(
                                "/bucket-a?key-marker=a&max-uploads=1&upload-id-marker="
                                        + ids.get(0)
                                        + "&uploads")
                        .expect(200);
        assertEquals(List.of(ids.get(1)), second.all("UploadId"));
        Answer rolled = client.get("/bucket-a?delimiter=%2F&uploads").expect(200);
        assertEquals(List.of("a", "a", "c"), rolled.all("Key"));
        assertEquals(List.of("", "b/"), rolled.all("Prefix"));
        client.get("/bucket-a?key-marker=a&upload-id-marker=x&uploads")
                .expect(400, "InvalidArgument");
        client.get("/bucket-a?upload-id-marker=x&uploads").expect(200);
    }

    @Test
    void copiesPartsFromRangesOfObjects() {
        client.put("/bucket-a/source", "0123456789").expect(200);
        String upload = create();
        Answer copied =
                client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                        .header("x-amz-copy-source", "bucket-a/source")
                        .header("x-amz-copy-source-range", "bytes=2-5")
                        .send()
                        .expect(200);
        complete(upload, 1, copied.xml("ETag")).expect(200);
        assertEquals("2345", client.get("/bucket-a/key").text());
    }

    @Test
    void copiesAWholeObjectAsAPart() {
        client.put("/bucket-a/empty", "").expect(200);
        byte[] large = bytes(3 * 1024 * 1024 + 17, 'z');
        client.request("PUT", "/bucket-a/source").body(large).send().expect(200);
        String upload = create();
        String tag =
                client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                        .header("x-amz-copy-source", "/bucket-a/source")
                        .send()
                        .expect(200)
                        .xml("ETag");
        client.request("PUT", "/bucket-a/key?partNumber=2&uploadId=" + upload)
                .header("x-amz-copy-source", "/bucket-a/empty")
                .send()
                .expect(200);
        complete(upload, 1, tag).expect(200);
        assertArrayEquals(large, client.get("/bucket-a/key").body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=0-10",
                "bytes=5-2",
                "bytes=5-",
                "bytes=-5",
                "0-5",
                "bytes=0-1,3-4",
                "bytes=a-b"
            })
    void refusesARangeThatTheSourceDoesNotHave(String range) {
        client.put("/bucket-a/source", "0123456789").expect(200);
        String upload = create();
        client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                .header("x-amz-copy-source", "bucket-a/source")
                .header("x-amz-copy-source-range", range)
                .send()
                .expect(400, "InvalidArgument");
    }

    @Test
    void copiesAPartOnlyUnderTheConditionsOnTheSource() {
        client.put("/bucket-a/source", "0123456789").expect(200);
        String upload = create();
        client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                .header("x-amz-copy-source", "bucket-a/source")
                .header("x-amz-copy-source-if-match", "x")
                .send()
                .expect(412, "PreconditionFailed");
        client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                .header("x-amz-copy-source", "bucket-a/absent")
                .send()
                .expect(404, "NoSuchKey");
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, , COMPOSITE",
        "CRC32, FULL_OBJECT, FULL_OBJECT",
        "CRC32C, FULL_OBJECT, FULL_OBJECT",
        "CRC32C, COMPOSITE, COMPOSITE",
        "CRC64NVME, , FULL_OBJECT",
        "SHA1, , COMPOSITE",
        "SHA256, COMPOSITE, COMPOSITE",
    })
    void keepsTheChecksumOfTheWhole(String algorithm, String type, String expectedType) {
        String upload =
                type == null
                        ? create("x-amz-checksum-algorithm", algorithm)
                        : create(
                                "x-amz-checksum-algorithm", algorithm, "x-amz-checksum-type", type);
        byte[] first = bytes(MIN, 'a');
        byte[] second = bytes(1001, 'b');
        Answer one = part(upload, 1, first).expect(200);
        Answer two = part(upload, 2, second).expect(200);
        Answer completed =
                complete(upload, 1, one.header("ETag"), 2, two.header("ETag")).expect(200);
        String element = "Checksum" + algorithm;
        assertEquals(expectedType, completed.xml("ChecksumType"));
        assertEquals(expected(algorithm, expectedType, first, second), completed.xml(element));
        Answer head =
                client.request("HEAD", "/bucket-a/key")
                        .header("x-amz-checksum-mode", "ENABLED")
                        .send();
        assertEquals(
                completed.xml(element),
                head.header("x-amz-checksum-" + algorithm.toLowerCase(java.util.Locale.ROOT)));
        assertEquals(expectedType, head.header("x-amz-checksum-type"));
        Answer attributes =
                client.request("GET", "/bucket-a/key?attributes")
                        .header("x-amz-object-attributes", "ObjectParts,Checksum")
                        .send()
                        .expect(200);
        assertEquals(List.of("1", "2"), attributes.all("PartNumber"));
        assertEquals(List.of(Integer.toString(MIN), "1001"), attributes.all("Size"));
        assertEquals(3, attributes.all(element).size());
    }

    /** Computed in one go over the bytes, or over the parts' digests. */
    private static String expected(String algorithm, String type, byte[] first, byte[] second) {
        var kind = io.varve.journal.record.ChecksumAlgorithm.valueOf(algorithm);
        RunningChecksum whole = RunningChecksum.of(kind);
        var base64 = java.util.Base64.getEncoder();
        if (type.equals("FULL_OBJECT")) {
            whole.update(first, 0, first.length);
            whole.update(second, 0, second.length);
            return base64.encodeToString(whole.value());
        }
        for (byte[] part : List.of(first, second)) {
            RunningChecksum one = RunningChecksum.of(kind);
            one.update(part, 0, part.length);
            byte[] digest = one.value();
            whole.update(digest, 0, digest.length);
        }
        return base64.encodeToString(whole.value()) + "-2";
    }

    @ParameterizedTest
    @CsvSource({
        "SHA1, FULL_OBJECT",
        "SHA256, FULL_OBJECT",
        "CRC64NVME, COMPOSITE",
        "MD4, COMPOSITE",
        "CRC32, HALF",
    })
    void refusesAKindOfChecksumThatThereIsNot(String algorithm, String type) {
        client.request("POST", "/bucket-a/key?uploads")
                .header("x-amz-checksum-algorithm", algorithm)
                .header("x-amz-checksum-type", type)
                .send()
                .expect(400, "InvalidRequest");
        client.request("POST", "/bucket-a/key?uploads")
                .header("x-amz-checksum-type", "COMPOSITE")
                .send()
                .expect(400, "InvalidRequest");
    }

    @Test
    void refusesChecksumsThatDoNotMatch() {
        String upload = create("x-amz-checksum-algorithm", "CRC32");
        client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                .header("x-amz-checksum-crc32c", "mnG7TA==")
                .body("hello")
                .send()
                .expect(400, "InvalidRequest");
        client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                .header("x-amz-checksum-crc32", "AAAAAA==")
                .body("hello")
                .send()
                .expect(400, "BadDigest");
        Answer part =
                client.request("PUT", "/bucket-a/key?partNumber=1&uploadId=" + upload)
                        .header("x-amz-checksum-crc32", "NhCmhg==")
                        .body("hello")
                        .send()
                        .expect(200);
        assertEquals("NhCmhg==", part.header("x-amz-checksum-crc32"));
        assertEquals(
                "NhCmhg==", client.get("/bucket-a/key?uploadId=" + upload).xml("ChecksumCRC32"));
        String document = document(1, part.header("ETag"));
        client.post(
                        "/bucket-a/key?uploadId=" + upload,
                        document.replace(
                                "</ETag>", "</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>"))
                .expect(400, "InvalidPart");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("x-amz-checksum-crc32", "AAAAAA==-1")
                .body(document)
                .send()
                .expect(400, "BadDigest");
        client.request("POST", "/bucket-a/key?uploadId=" + upload)
                .header("x-amz-checksum-type", "FULL_OBJECT")
                .body(document)
                .send()
                .expect(400, "InvalidRequest");
        client.post(
                        "/bucket-a/key?uploadId=" + upload,
                        document.replace(
                                "</ETag>", "</ETag><ChecksumCRC32>NhCmhg==</ChecksumCRC32>"))
                .expect(200);
    }
}
