package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

class TaggingTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void create() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "hello").expect(200);
    }

    private static String tagging(String... keysAndValues) {
        StringBuilder xml = new StringBuilder("<Tagging><TagSet>");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            xml.append(
                    "<Tag><Key>%s</Key><Value>%s</Value></Tag>"
                            .formatted(keysAndValues[i], keysAndValues[i + 1]));
        }
        return xml.append("</TagSet></Tagging>").toString();
    }

    @Test
    void keepsTheTagsOfAnObject() {
        client.put("/bucket-a/key?tagging", tagging("b", "2 &amp; 3", "a", "")).expect(200);
        Answer tags = client.get("/bucket-a/key?tagging").expect(200);
        assertEquals(List.of("a", "b"), tags.all("Key"));
        assertEquals(List.of("", "2 & 3"), tags.all("Value"));
        assertEquals("2", client.head("/bucket-a/key").header("x-amz-tagging-count"));
        client.delete("/bucket-a/key?tagging").expect(204);
        assertEquals(List.of(), client.get("/bucket-a/key?tagging").all("Key"));
        assertEquals("(none)", client.head("/bucket-a/key").header("x-amz-tagging-count"));
        client.get("/bucket-a/absent?tagging").expect(404, "NoSuchKey");
    }

    @Test
    void takesTagsWithAPutAndHandsThemToACopyUnlessReplaced() {
        client.request("PUT", "/bucket-a/put")
                .header("x-amz-tagging", "a=1&b=%C3%A9")
                .body("x")
                .send()
                .expect(200);
        assertEquals(List.of("1", "\u00e9"), client.get("/bucket-a/put?tagging").all("Value"));
        copy("/bucket-a/copy", "COPY", "z=9");
        assertEquals(List.of("a", "b"), client.get("/bucket-a/copy?tagging").all("Key"));
        copy("/bucket-a/copy", "REPLACE", "z=9");
        assertEquals(List.of("z"), client.get("/bucket-a/copy?tagging").all("Key"));
    }

    private void copy(String target, String directive, String tags) {
        client.request("PUT", target)
                .header("x-amz-copy-source", "/bucket-a/put")
                .header("x-amz-tagging-directive", directive)
                .header("x-amz-tagging", tags)
                .send()
                .expect(200);
    }

    @Test
    void keepsTheTagsOfABucket() {
        client.get("/bucket-a?tagging").expect(404, "NoSuchTagSet");
        client.put("/bucket-a?tagging", tagging("team", "storage")).expect(204);
        assertEquals(List.of("storage"), client.get("/bucket-a?tagging").all("Value"));
        client.delete("/bucket-a?tagging").expect(204);
        client.get("/bucket-a?tagging").expect(404, "NoSuchTagSet");
    }

    @Test
    void refusesTagsThatCannotBe() {
        String target = "/bucket-a/key?tagging";
        client.put(target, tagging("a", "1", "a", "2")).expect(400, "InvalidTag");
        client.put(target, tagging("", "1")).expect(400, "InvalidTag");
        client.put(target, tagging("k".repeat(129), "1")).expect(400, "InvalidTag");
        client.put(target, tagging("k", "v".repeat(257))).expect(400, "InvalidTag");
        String[] eleven = new String[22];
        for (int i = 0; i < eleven.length; i++) {
            eleven[i] = "t" + i;
        }
        client.put(target, tagging(eleven)).expect(400, "BadRequest");
        client.put(target, "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>")
                .expect(400, "MalformedXML");
    }
}
