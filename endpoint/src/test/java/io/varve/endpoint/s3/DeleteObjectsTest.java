package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

class DeleteObjectsTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void putObjects() {
        client.request("PUT", "/bucket-a").send().expect(200);
        for (String key : List.of("a", "b", "c")) {
            client.put("/bucket-a/" + key, key).expect(200);
        }
    }

    private Answer delete(String inner) {
        return client.post(
                "/bucket-a?delete",
                "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inner + "</Delete>");
    }

    private static String object(String key) {
        return "<Object><Key>" + key + "</Key></Object>";
    }

    @Test
    void deletesManyKeysThereOrNot() {
        Answer answer = delete(object("a") + object("absent") + object("c")).expect(200);
        assertEquals(List.of("a", "absent", "c"), answer.all("Key"));
        assertEquals(3, answer.all("Deleted").size());
        assertEquals(List.of("b"), client.get("/bucket-a?list-type=2").all("Key"));
    }

    @Test
    void tellsOnlyErrorsWhenQuiet() {
        Answer answer =
                delete("<Quiet>true</Quiet>" + object("a") + object("k".repeat(1025))).expect(200);
        assertEquals(List.of(), answer.all("Deleted"));
        assertEquals(List.of("KeyTooLongError"), answer.all("Code"));
    }

    @Test
    void placesMarkersAndRemovesVersions() {
        client.put(
                        "/bucket-a?versioning",
                        "<VersioningConfiguration><Status>Enabled</Status>"
                                + "</VersioningConfiguration>")
                .expect(200);
        Answer marked = delete(object("a")).expect(200);
        assertEquals("true", marked.xml("DeleteMarker"));
        String marker = marked.xml("DeleteMarkerVersionId");
        Answer removed =
                delete(
                                "<Object><Key>a</Key><VersionId>"
                                        + marker
                                        + "</VersionId></Object>"
                                        + "<Object><Key>a</Key><VersionId>x</VersionId></Object>"
                                        + "<Object><Key>b</Key>"
                                        + "<VersionId>null</VersionId></Object>")
                        .expect(200);
        assertEquals(List.of(marker), removed.all("DeleteMarkerVersionId"));
        assertEquals(List.of("InvalidArgument"), removed.all("Code"));
        assertEquals(List.of(marker, "x", "null"), removed.all("VersionId"));
        assertEquals(List.of("a", "c"), client.get("/bucket-a?list-type=2").all("Key"));
    }

    @Test
    void deletesOnlyWhatIsKnown() {
        String etag = client.head("/bucket-a/a").etag();
        Answer answer =
                delete(
                                "<Object><Key>a</Key><ETag>&quot;"
                                        + etag
                                        + "&quot;</ETag></Object>"
                                        + "<Object><Key>b</Key><ETag>x</ETag></Object>"
                                        + "<Object><Key>c</Key><Size>1</Size></Object>")
                        .expect(200);
        assertEquals(List.of("PreconditionFailed", "NotImplemented"), answer.all("Code"));
        assertEquals(List.of("b", "c"), client.get("/bucket-a?list-type=2").all("Key"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Delete/>",
                "<Delete><Object></Delete>",
                "<Remove><Object><Key>a</Key></Object></Remove>",
                "<Delete>text<Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key><b/></Key></Object></Delete>",
                "<Delete><Object><Key>a</Key></Object><Quiet>maybe</Quiet></Delete>",
                "<Delete><Object><Key>a</Key></Object></Delete><Delete/>",
                "<Delete><Object><Key>&entity;</Key></Object></Delete>",
                "<!DOCTYPE Delete [<!ENTITY e"
                        + " \"a\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<!DOCTYPE Delete SYSTEM"
                        + " \"file:///etc/passwd\"><Delete><Object><Key>a</Key></Object></Delete>",
                "<Delete><Object><Key>a\u0001</Key></Object></Delete>",
            })
    void refusesADocumentThatIsNone(String document) {
        client.post("/bucket-a?delete", document).expect(400, "MalformedXML");
        client.head("/bucket-a/a").expect(200);
    }

    @Test
    void refusesMoreThanAThousandKeys() {
        delete(object("x").repeat(1000)).expect(200);
        delete(object("x").repeat(1001)).expect(400, "MalformedXML");
    }

    @Test
    void refusesAnObjectWithoutAKey() {
        delete("<Object/>").expect(400, "UserKeyMustBeSpecified");
    }

    @Test
    void refusesADocumentThatIsTooLong() {
        client.request("POST", "/bucket-a?delete")
                .body(new byte[RequestDocument.MAX_BYTES + 1])
                .send()
                .expect(400, "MaxMessageLengthExceeded");
    }

    @Test
    void verifiesWhatTheClientSaysOfTheDocument() {
        String document = "<Delete>" + object("a") + "</Delete>";
        String md5 =
                Base64.getEncoder()
                        .encodeToString(
                                Digests.md5().digest(document.getBytes(StandardCharsets.UTF_8)));
        client.request("POST", "/bucket-a?delete")
                .header("Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==")
                .body(document)
                .send()
                .expect(400, "BadDigest");
        client.request("POST", "/bucket-a?delete")
                .header("x-amz-checksum-crc32", "AAAAAA==")
                .body(document)
                .send()
                .expect(400, "BadDigest");
        client.head("/bucket-a/a").expect(200);
        client.request("POST", "/bucket-a?delete")
                .header("Content-MD5", md5)
                .body(document)
                .send()
                .expect(200);
        assertEquals(404, client.head("/bucket-a/a").status());
    }
}
