package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class VersioningTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void createBucket() {
        client.request("PUT", "/bucket-a").send().expect(200);
    }

    private void versioning(String status) {
        client.put(
                        "/bucket-a?versioning",
                        "<VersioningConfiguration><Status>"
                                + status
                                + "</Status></VersioningConfiguration>")
                .expect(200);
    }

    private String put(String content) {
        return client.put("/bucket-a/key", content).expect(200).header("x-amz-version-id");
    }

    @Test
    void keepsEachVersion() {
        versioning("Enabled");
        String first = put("1");
        String second = put("2");
        assertNotEquals(first, second);
        assertEquals(20, first.length());
        Answer latest = client.get("/bucket-a/key").expect(200);
        assertEquals("2", latest.text());
        assertEquals(second, latest.header("x-amz-version-id"));
        Answer old = client.get("/bucket-a/key?versionId=" + first).expect(200);
        assertEquals("1", old.text());
        assertEquals(first, old.header("x-amz-version-id"));
    }

    @Test
    void hidesByAMarkerAndShowsAgainWithoutIt() {
        versioning("Enabled");
        put("1");
        Answer deleted = client.delete("/bucket-a/key").expect(204);
        String marker = deleted.header("x-amz-version-id");
        assertEquals("true", deleted.header("x-amz-delete-marker"));
        Answer hidden = client.get("/bucket-a/key").expect(404, "NoSuchKey");
        assertEquals("true", hidden.header("x-amz-delete-marker"));
        assertEquals(marker, hidden.header("x-amz-version-id"));
        Answer byVersion =
                client.get("/bucket-a/key?versionId=" + marker).expect(405, "MethodNotAllowed");
        assertEquals("DELETE", byVersion.header("Allow"));
        assertEquals("true", byVersion.header("x-amz-delete-marker"));
        assertTrue(byVersion.header("Last-Modified").endsWith("GMT"));
        assertEquals(405, client.head("/bucket-a/key?versionId=" + marker).status());
        Answer removed = client.delete("/bucket-a/key?versionId=" + marker).expect(204);
        assertEquals("true", removed.header("x-amz-delete-marker"));
        assertEquals(marker, removed.header("x-amz-version-id"));
        assertEquals("1", client.get("/bucket-a/key").text());
    }

    @Test
    void replacesTheNullVersionWhileSuspended() {
        assertEquals("(none)", put("0"));
        versioning("Enabled");
        String first = put("1");
        versioning("Suspended");
        assertEquals("null", put("2"));
        assertEquals("null", put("3"));
        assertEquals("3", client.get("/bucket-a/key?versionId=null").text());
        assertEquals("null", client.get("/bucket-a/key").header("x-amz-version-id"));
        assertEquals("1", client.get("/bucket-a/key?versionId=" + first).text());
        Answer marker = client.delete("/bucket-a/key").expect(204);
        assertEquals("null", marker.header("x-amz-version-id"));
        assertEquals("true", marker.header("x-amz-delete-marker"));
    }

    @Test
    void deletesOneVersionForGood() {
        versioning("Enabled");
        String first = put("1");
        String second = put("2");
        Answer deleted = client.delete("/bucket-a/key?versionId=" + second).expect(204);
        assertEquals(second, deleted.header("x-amz-version-id"));
        assertEquals("(none)", deleted.header("x-amz-delete-marker"));
        assertEquals("1", client.get("/bucket-a/key").text());
        client.get("/bucket-a/key?versionId=" + second).expect(404, "NoSuchVersion");
        client.delete("/bucket-a/key?versionId=" + first).expect(204);
        client.get("/bucket-a/key").expect(404, "NoSuchKey");
        client.delete("/bucket-a").expect(204);
    }

    @Test
    void refusesAVersionIdThatWasNeverGiven() {
        for (String id : List.of("x", "00000000000000000000", "NULL", "3sL4kqtJlcpXroDTDmJ")) {
            client.get("/bucket-a/key?versionId=" + id).expect(400, "InvalidArgument");
            client.delete("/bucket-a/key?versionId=" + id).expect(400, "InvalidArgument");
        }
    }

    @Test
    void listsVersionsNewestFirst() {
        versioning("Enabled");
        String first = put("1");
        String second = put("22");
        String marker = client.delete("/bucket-a/key").header("x-amz-version-id");
        client.put("/bucket-a/other", "x").expect(200);
        Answer list = client.get("/bucket-a?versions").expect(200);
        assertEquals(List.of("key", "key", "key", "other"), list.all("Key"));
        assertEquals(List.of(marker, second, first), list.all("VersionId").subList(0, 3));
        assertEquals(List.of("true", "false", "false", "true"), list.all("IsLatest"));
        assertEquals(1, list.all("DeleteMarker").size());
        assertEquals(List.of("2", "1", "1"), list.all("Size"));
        assertEquals(4, list.all("Owner").size());
        assertEquals("false", list.xml("IsTruncated"));
        assertTrue(list.text().indexOf("<DeleteMarker>") < list.text().indexOf("<Version>"));
    }

    @Test
    void pagesThroughVersions() {
        versioning("Enabled");
        for (int i = 0; i < 5; i++) {
            put("" + i);
        }
        client.put("/bucket-a/a%2Fb", "x").expect(200);
        client.put("/bucket-a/z", "x").expect(200);
        List<String> seen = new ArrayList<>();
        String query = "versions";
        while (!query.isEmpty()) {
            Answer page = client.get("/bucket-a?max-keys=2&" + query).expect(200);
            seen.addAll(page.all("VersionId"));
            query =
                    page.xml("IsTruncated").equals("true")
                            ? "key-marker="
                                    + TestSigner.escape(page.xml("NextKeyMarker"))
                                    + "&version-id-marker="
                                    + page.xml("NextVersionIdMarker")
                                    + "&versions"
                            : "";
        }
        assertEquals(7, seen.size());
        assertEquals(7, seen.stream().distinct().count());
    }

    @Test
    void rollsUpVersions() {
        versioning("Enabled");
        client.put("/bucket-a/a/1", "x").expect(200);
        client.put("/bucket-a/a/2", "x").expect(200);
        put("x");
        Answer first = client.get("/bucket-a?delimiter=%2F&max-keys=1&versions").expect(200);
        assertEquals(List.of("", "a/"), first.all("Prefix"));
        assertEquals("a/", first.xml("NextKeyMarker"));
        assertEquals(List.of(), first.all("NextVersionIdMarker"));
        Answer second = client.get("/bucket-a?delimiter=%2F&key-marker=a%2F&max-keys=1&versions");
        assertEquals(List.of("key"), second.all("Key"));
    }

    @Test
    void refusesMarkersThatMakeNoSense() {
        client.get("/bucket-a?version-id-marker=null&versions").expect(400, "InvalidArgument");
        client.get("/bucket-a?key-marker=a&version-id-marker=&versions")
                .expect(400, "InvalidArgument");
        client.get("/bucket-a?key-marker=a&version-id-marker=x&versions")
                .expect(400, "InvalidArgument");
    }

    @Test
    void listsObjectsWithoutVersioningAsNullVersions() {
        put("x");
        Answer list = client.get("/bucket-a?versions").expect(200);
        assertEquals(List.of("null"), list.all("VersionId"));
        assertEquals(List.of("true"), list.all("IsLatest"));
    }
}
