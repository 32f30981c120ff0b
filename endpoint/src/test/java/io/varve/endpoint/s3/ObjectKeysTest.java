package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

/** Keys are exact, whatever they look like. */
class ObjectKeysTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void createBucket() {
        client.request("PUT", "/bucket-a").send().expect(200);
    }

    static Stream<String> oddKeys() {
        return Stream.of(
                "a/../b",
                "../a",
                "./a",
                "a/.",
                "a//b",
                "/leading",
                "//",
                "trailing/",
                "a+b",
                "a b",
                "a%2Fb",
                "100%",
                "a?b=c&d",
                "a#b",
                "a;v=1",
                "a&b<c>\"d'",
                "\\back",
                "~tilde_-.!*'()",
                "grüße/✓",
                "\uD83D\uDE00 \uD83E\uDD80",
                "\u0001control\u001F",
                "line\nbreak\ttab",
                "\u0000",
                "\u007F\u0080\uFFFD\uE000",
                "k".repeat(1024),
                "ü".repeat(512));
    }

    @ParameterizedTest
    @MethodSource("oddKeys")
    void putsReadsListsAndDeletesAnyKey(String key) {
        String target = "/bucket-a/" + TestSigner.escape(key).replace("%2F", "/");
        client.put(target, "x").expect(200);
        assertEquals("x", client.get(target).expect(200).text());
        Answer list = client.get("/bucket-a?list-type=2&encoding-type=url").expect(200);
        assertEquals(List.of(TestSigner.escape(key).replace("%2F", "/")), list.all("Key"));
        client.delete(target).expect(204);
        client.get(target).expect(404);
    }

    /** An escaped slash is a slash of the key, whichever way the client signs it. */
    @Test
    void takesAnEscapedSlashAsASlash() {
        client.put("/bucket-a/a%2Fb", "x").expect(200);
        assertEquals("x", client.get("/bucket-a/a/b").expect(200).text());
        assertEquals("x", client.get("/bucket-a/a%2fb").expect(200).text());
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        for (String key : List.of("k".repeat(1025), "%C3%BC".repeat(513))) {
            Answer answer = client.put("/bucket-a/" + key, "x").expect(400, "KeyTooLongError");
            assertEquals("1024", answer.xml("MaxSizeAllowed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%FF", "%C3", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80", "%C0%AF"})
    void refusesAKeyThatIsNotUtf8(String key) {
        client.put("/bucket-a/" + key, "x").expect(400, "InvalidURI");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "a%2"})
    void refusesAnEscapeThatIsNone(String key) {
        client.put("/bucket-a/" + key, "x").expect(400, "InvalidURI");
    }

    @Test
    void findsTheBucketInTheHost() {
        client.request("PUT", "/key").host("bucket-a.s3.example.com").body("x").send().expect(200);
        assertEquals("x", client.get("/bucket-a/key").text());
        assertEquals(
                "x",
                client.request("GET", "/key")
                        .host("Bucket-A.S3.Example.COM:9000")
                        .send()
                        .expect(200)
                        .text());
        assertEquals(
                List.of("key"),
                client.request("GET", "/?list-type=2")
                        .host("bucket-a.s3.example.com")
                        .send()
                        .all("Key"));
        client.request("GET", "/").host("absent.s3.example.com").send().expect(404, "NoSuchBucket");
    }

    @Test
    void findsTheBucketInThePathOfTheBaseDomainAndOfUnknownHosts() {
        client.put("/bucket-a/key", "x").expect(200);
        for (String host :
                List.of(
                        "s3.example.com",
                        "s3.example.com:9000",
                        "10.0.0.1",
                        "[::1]:9000",
                        "x.org")) {
            client.request("GET", "/bucket-a/key").host(host).send().expect(200);
        }
    }

    @Test
    void refusesAnEmptyBucketName() {
        client.get("//key").expect(400, "InvalidBucketName");
    }
}
