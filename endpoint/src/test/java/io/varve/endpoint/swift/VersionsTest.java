package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.OpaqueIds;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.VersionListQuery;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class VersionsTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String OBJECT = CONTAINER + "/o";
    private static final Pattern LISTED =
            Pattern.compile("\"version_id\": \"([^\"]+)\", \"is_latest\": (true|false)");

    private static final String NONE = "(none)";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        versioned(true);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void versioned(boolean on) {
        site.request("PUT", CONTAINER)
                .header("X-Versions-Enabled", Boolean.toString(on))
                .body("")
                .send();
    }

    private String put(String body) {
        return site.put(OBJECT, body).expect(201).header("X-Object-Version-Id");
    }

    /** The ids in the order they are listed; a star at the latest. */
    private List<String> listed(String parameters) {
        String json = site.get(CONTAINER + "?versions" + parameters).expect(200).text();
        List<String> ids = new ArrayList<>();
        Matcher matcher = LISTED.matcher(json);
        while (matcher.find()) {
            ids.add(matcher.group(1) + (matcher.group(2).equals("true") ? "*" : ""));
        }
        return ids;
    }

    @Test
    void everyPutIsAVersionUnderTheIdThatS3ShowsToo() {
        String one = put("one");
        String two = put("two");
        assertEquals(List.of(two + "*", one), listed(""));
        assertEquals(List.of(one, two + "*"), listed("&reverse=true"));
        assertEquals("one", site.get(OBJECT + "?version-id=" + one).expect(200).text());
        Answer current = site.get(OBJECT).expect(200);
        assertEquals(two, current.header("X-Object-Version-Id"));
        assertEquals("/v1/AUTH_test/c/o?version-id=" + two, current.header("Content-Location"));
        Bucket bucket = site.store().bucket("test", "c").orElseThrow();
        List<String> s3 =
                site
                        .store()
                        .view()
                        .listVersions(new VersionListQuery(bucket.id(), "", "", null, null, 9))
                        .versions()
                        .stream()
                        .map(v -> OpaqueIds.ofVersion(v.version().versionId()))
                        .toList();
        assertEquals(List.of(two, one), s3);
    }

    @Test
    void aDeleteMarksAndAnOlderVersionComesBackUnderItsId() {
        String one = put("one");
        String marker = site.delete(OBJECT).expect(204).header("X-Object-Version-Id");
        assertEquals(List.of(marker + "*", one), listed(""));
        Answer gone = site.get(OBJECT + "?version-id=" + marker).expect(404);
        assertEquals("application/x-deleted;swift_versions_deleted=1", gone.header("Content-Type"));
        Answer again = site.delete(OBJECT).expect(404);
        assertNotEquals(NONE, again.header("X-Object-Version-Id"));
        site.request("PUT", OBJECT + "?version-id=" + one).body("x").send().expect(400);
        site.request("PUT", OBJECT + "?version-id=" + one).body("").send().expect(201);
        assertEquals("one", site.get(OBJECT).expect(200).text());
        assertEquals(one + "*", listed("").getLast());
    }

    @Test
    void aVersionGoesAloneAndNothingTakesItsPlace() {
        String one = put("one");
        String two = put("two");
        Answer answer = site.delete(OBJECT + "?version-id=" + two).expect(204);
        assertEquals(two, answer.header("X-Object-Version-Id"));
        assertEquals("null", answer.header("X-Object-Current-Version-Id"));
        site.get(OBJECT).expect(404);
        assertEquals(List.of(one), listed(""));
        site.delete(OBJECT + "?version-id=" + two).expect(404);
        site.delete(CONTAINER).expect(409);
        site.delete(OBJECT + "?version-id=" + one).expect(204);
        site.delete(CONTAINER).expect(204);
    }

    @Test
    void whatWasThereBeforeIsNullUntilItIsOverwritten() {
        site.put("/v1/AUTH_test/d").expect(201);
        site.put("/v1/AUTH_test/d/o", "before").expect(201);
        site.request("POST", "/v1/AUTH_test/d")
                .header("X-Versions-Enabled", "true")
                .body("")
                .send()
                .expect(204);
        assertEquals("null", site.head("/v1/AUTH_test/d/o").header("X-Object-Version-Id"));
        assertEquals("before", site.get("/v1/AUTH_test/d/o?version-id=null").text());
        site.put("/v1/AUTH_test/d/o", "after").expect(201);
        site.get("/v1/AUTH_test/d/o?version-id=null").expect(404);
        String json = site.get("/v1/AUTH_test/d?versions").text();
        assertFalse(json.contains("\"null\""), json);
        Matcher matcher = LISTED.matcher(json);
        assertTrue(matcher.find(), json);
        assertTrue(matcher.find(), json);
        assertEquals("before", site.get("/v1/AUTH_test/d/o?version-id=" + matcher.group(1)).text());
    }

    @Test
    void aContainerWhoseVersioningIsOffAgainKeepsWhatItHas() {
        String one = put("one");
        versioned(false);
        assertEquals("False", site.head(CONTAINER).header("X-Versions-Enabled"));
        assertEquals(NONE, site.put(OBJECT, "two").expect(201).header("X-Object-Version-Id"));
        assertEquals(List.of("null*", one), listed(""));
        site.delete(OBJECT).expect(204);
        assertEquals(List.of(one), listed(""));
        site.delete(OBJECT).expect(404);
        assertEquals("one", site.get(OBJECT + "?version-id=" + one).text());
    }

    @Test
    void nullDeletesOnlyTheLinkToTheCurrentVersion() {
        String one = put("one");
        site.delete(OBJECT + "?version-id=null").expect(204);
        site.get(OBJECT).expect(404);
        assertEquals(List.of(one), listed(""));
    }

    @Test
    void requestsThatMakeNoSenseAreRefused() {
        put("one");
        site.get(OBJECT + "?version-id=nonsense").expect(400);
        site.request("POST", OBJECT + "?version-id=x").body("").send().expect(400);
        site.put("/v1/AUTH_test/plain").expect(201);
        site.get("/v1/AUTH_test/plain/o?version-id=00000000000000000000").expect(400);
        site.get(CONTAINER + "?versions&format=xml").expect(406);
        site.get(CONTAINER + "?versions&version_marker=x").expect(400);
        site.get(CONTAINER + "?versions&delimiter=1").expect(400);
        site.request("PUT", CONTAINER)
                .header("X-Versions-Location", "plain")
                .header("X-History-Location", "plain")
                .body("")
                .send()
                .expect(400);
        site.request("POST", "/v1/AUTH_test/plain")
                .header("X-Versions-Location", "other")
                .body("")
                .send()
                .expect(204);
        site.request("POST", "/v1/AUTH_test/plain")
                .header("X-Versions-Enabled", "true")
                .body("")
                .send()
                .expect(400);
    }

    @Test
    void olderVersionsAreTheAccountsOwn() {
        String one = put("one");
        site.request("POST", CONTAINER)
                .header("X-Container-Read", ".r:*")
                .body("")
                .send()
                .expect(204);
        site.request("GET", OBJECT).as(SwiftSite.STRANGER).send().expect(200);
        String version = OBJECT + "?version-id=" + one;
        site.request("GET", version).as(SwiftSite.STRANGER).send().expect(403);
        site.request("GET", version).anonymous().send().expect(401);
        site.request("GET", version).as(SwiftSite.READER).send().expect(200);
        site.request("DELETE", version).as(SwiftSite.STRANGER).send().expect(403);
    }

    @Test
    void listingsGoOnFromAVersion() {
        String one = put("one");
        String two = put("two");
        String three = put("three");
        assertEquals(List.of(three + "*", two), listed("&limit=2"));
        assertEquals(List.of(one), listed("&marker=o&version_marker=" + two));
        assertEquals(List.of(three + "*"), listed("&reverse=on&marker=o&version_marker=" + two));
        assertEquals(List.of(), listed("&marker=o"));
        assertEquals("11", site.head(CONTAINER).header("X-Container-Bytes-Used"));
        assertEquals("1", site.head(CONTAINER).header("X-Container-Object-Count"));
        String json = site.get(CONTAINER + "?format=json").text();
        assertTrue(json.contains("\"version_symlink\": true"), json);
    }

    @Test
    void aCopyOfAVersionIsANewVersion() {
        String one = put("one");
        put("two");
        Answer copy =
                site.request("COPY", OBJECT + "?version-id=" + one)
                        .header("Destination", "c/o")
                        .send()
                        .expect(201);
        assertEquals(one, copy.header("X-Copied-From-Version-Id"));
        assertEquals(3, listed("").size());
        assertEquals("one", site.get(OBJECT).text());
    }

    @Test
    void whatExpiresIsThereUnderItsIdAndMayComeBack() {
        String id =
                site.request("PUT", OBJECT)
                        .header("X-Delete-After", "1")
                        .body("due")
                        .send()
                        .expect(201)
                        .header("X-Object-Version-Id");
        site.get(OBJECT).expect(404);
        site.now(java.time.Instant.parse("2036-03-04T05:06:07Z"));
        assertEquals("due", site.get(OBJECT + "?version-id=" + id).expect(200).text());
        site.request("PUT", OBJECT + "?version-id=" + id).body("").send().expect(201);
        assertEquals(NONE, site.head(OBJECT).expect(200).header("X-Delete-At"));
    }

    @Test
    void aStackGivesBackWhatAHistoryOnlyKeeps() {
        site.put("/v1/AUTH_test/old").expect(201);
        site.request("PUT", "/v1/AUTH_test/stack")
                .header("X-Versions-Location", "old")
                .body("")
                .send()
                .expect(201);
        assertEquals("old", site.head("/v1/AUTH_test/stack").header("X-Versions-Location"));
        site.put("/v1/AUTH_test/stack/o", "one").expect(201);
        site.put("/v1/AUTH_test/stack/o", "two").expect(201);
        String names = site.get("/v1/AUTH_test/old").text();
        assertTrue(names.matches("001o/[0-9]{10}\\.[0-9]{5}\n"), names);
        site.delete("/v1/AUTH_test/stack/o").expect(204);
        assertEquals("one", site.get("/v1/AUTH_test/stack/o").text());
        site.request("POST", "/v1/AUTH_test/stack")
                .header("X-History-Location", "old")
                .body("")
                .send()
                .expect(204);
        assertEquals(NONE, site.head("/v1/AUTH_test/stack").header("X-Versions-Location"));
        site.delete("/v1/AUTH_test/stack/o").expect(204);
        site.delete("/v1/AUTH_test/stack/o").expect(404);
        String json = site.get("/v1/AUTH_test/old?format=json").text();
        assertEquals(3, json.split("\"name\"", -1).length - 1, json);
        assertTrue(json.contains("application/x-deleted;swift_versions_deleted=1"), json);
        site.request("POST", "/v1/AUTH_test/stack")
                .header("X-Remove-History-Location", "x")
                .body("")
                .send()
                .expect(204);
        assertEquals(NONE, site.head("/v1/AUTH_test/stack").header("X-History-Location"));
    }

    @Test
    void nothingIsOverwrittenThatCannotBeKept() {
        site.request("PUT", "/v1/AUTH_test/stack")
                .header("X-Versions-Location", "nowhere")
                .body("")
                .send()
                .expect(201);
        site.put("/v1/AUTH_test/stack/o", "one").expect(201);
        site.put("/v1/AUTH_test/stack/o", "two").expect(412);
        assertEquals("one", site.get("/v1/AUTH_test/stack/o").text());
    }
}
