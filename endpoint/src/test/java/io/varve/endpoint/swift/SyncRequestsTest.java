package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.MemorySite;
import io.varve.endpoint.swift.SwiftSite.Request;
import io.varve.endpoint.sync.SyncRealms;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What another site may say of a container that is to be the same here. */
final class SyncRequestsTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String OBJECT = CONTAINER + "/a%20b";

    /** Later than whatever the store's clock says, so that it is newer than what is put here. */
    private static final String LATER = "4000000000.00000";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() throws Exception {
        Path realms = directory.resolve("realms");
        Files.writeString(
                realms,
                """
                [DEFAULT]
                mtime_check_interval = 300
                [lab]
                key = realmkey
                key2: otherkey
                cluster_here = http://here.example/v1/
                cluster_there = https://there.example:8443/v1
                """);
        site =
                new SwiftSite(
                        new MemorySite(directory.resolve("site")),
                        new SwiftConfig(
                                "AUTH_",
                                List.of("default"),
                                new SwiftConfig.Sync(SyncRealms.read(realms), "//lab/here")));
        site.request("PUT", CONTAINER)
                .header("X-Container-Sync-Key", "userkey")
                .body("")
                .send()
                .expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Request signed(String method, String path, String timestamp, String realmKey)
            throws Exception {
        String text = String.join("\n", method, path, timestamp, "nonce", "userkey");
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(realmKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return site.request(method, path)
                .anonymous()
                .header("X-Timestamp", timestamp)
                .header("X-Container-Sync-Auth", "LAB nonce " + HexFormat.of().formatHex(digest));
    }

    private Request synced(String method, String timestamp) throws Exception {
        return signed(method, OBJECT, timestamp, "realmkey");
    }

    @Test
    void whoKnowsBothSecretsPutsAndDeletesWithoutAToken() throws Exception {
        synced("PUT", LATER)
                .header("X-Object-Meta-Color", "grün")
                .header("Content-Type", "text/x-a")
                .body("hello")
                .send()
                .expect(201);
        Answer there = site.get(OBJECT).expect(200);
        assertEquals("hello", there.text());
        assertEquals("grün", there.header("X-Object-Meta-Color"));
        assertEquals("text/x-a", there.header("Content-Type"));
        assertEquals(LATER, there.header("X-Timestamp"));
        assertEquals(LATER, synced("HEAD", LATER).send().expect(200).header("X-Timestamp"));
        String listing = site.get(CONTAINER + "?format=json").text();
        assertTrue(listing.contains("2096-10-02T07:06:40.000000"), listing);
        signed("DELETE", OBJECT, "4000000000.00001", "otherkey").send().expect(204);
        site.get(OBJECT).expect(404);
        synced("DELETE", LATER).send().expect(404);
    }

    @Test
    void whatIsNewerHereStays() throws Exception {
        synced("PUT", LATER).body("first").send().expect(201);
        synced("PUT", "3999999999.99999").body("older").send().expect(202);
        synced("PUT", LATER).body("same").send().expect(202);
        synced("DELETE", "3999999999.99999").send().expect(409);
        assertEquals("first", site.get(OBJECT).text());
        synced("PUT", "4000000000.00001").body("newer").send().expect(201);
        assertEquals("newer", site.get(OBJECT).text());
    }

    @Test
    void aChangeOfItsOwnMakesAnObjectThisSites() throws Exception {
        synced("PUT", "1000000000.00000").body("hello").send().expect(201);
        assertEquals("1000000000.00000", site.head(OBJECT).header("X-Timestamp"));
        site.request("COPY", OBJECT).header("Destination", "c/copy").send().expect(201);
        assertFalse(site.head(CONTAINER + "/copy").header("X-Timestamp").startsWith("1000000000"));
        site.request("POST", OBJECT).header("X-Object-Meta-A", "b").body("").send().expect(202);
        assertFalse(site.head(OBJECT).header("X-Timestamp").startsWith("1000000000"));
        synced("PUT", "1000000000.00001").body("late").send().expect(202);
    }

    @Test
    void whatDoesNotHoldIsRefusedAlike() throws Exception {
        site.put(OBJECT, "here").expect(201);
        List<Request> bad =
                List.of(
                        signed("PUT", OBJECT, LATER, "wrong").body("x"),
                        signed("PUT", CONTAINER + "/c", "yesterday", "realmkey").body("x"),
                        signed("POST", OBJECT, LATER, "realmkey").body(""),
                        signed("DELETE", CONTAINER, LATER, "realmkey"),
                        signed("PUT", "/v1/AUTH_test/other/o", LATER, "realmkey").body("x"),
                        signed("PUT", "/v1/AUTH_test2/c/o", LATER, "realmkey").body("x"),
                        site.request("DELETE", OBJECT)
                                .anonymous()
                                .header("X-Container-Sync-Auth", "LAB nonce"),
                        site.request("DELETE", OBJECT)
                                .anonymous()
                                .header("X-Container-Sync-Auth", "OTHER nonce 00"));
        for (Request request : bad) {
            Answer answer = request.send().expect(401);
            assertTrue(
                    answer.header("Www-Authenticate").startsWith("SwiftContainerSync realm="),
                    answer.header("Www-Authenticate"));
            assertTrue(answer.text().startsWith("X-Container-Sync-Auth header not valid"));
        }
        site.request("POST", CONTAINER)
                .header("X-Remove-Container-Sync-Key", "x")
                .body("")
                .send()
                .expect(204);
        synced("DELETE", LATER).send().expect(401);
        assertEquals("here", site.get(OBJECT).text());
    }

    @Test
    void manifestsAndLinksMayComeBeforeWhatTheyLeadTo() throws Exception {
        String manifest =
                """
                [{"name": "/c/s1", "bytes": 5, "hash": "5d41402abc4b2a76b9719d911017c592",\
                 "content_type": "text/plain", "last_modified": "2026-01-01T00:00:00.000000"}]\
                """;
        synced("PUT", LATER)
                .header("X-Static-Large-Object", "True")
                .body(manifest)
                .send()
                .expect(201);
        synced("HEAD", LATER).send().expect(200);
        site.get(OBJECT).expect(409);
        site.put(CONTAINER + "/s1", "hello").expect(201);
        Answer whole = site.get(OBJECT).expect(200);
        assertEquals("hello", whole.text());
        // The MD5 of its one segment's ETag, as for every static large object.
        assertEquals("\"69a329523ce1ec88bf63061863d9cb14\"", whole.header("Etag"));
        signed("PUT", CONTAINER + "/link", LATER, "realmkey")
                .header("X-Symlink-Target", "c/later")
                .header("X-Symlink-Target-Etag", "5d41402abc4b2a76b9719d911017c592")
                .header("X-Symlink-Target-Bytes", "5")
                .body("")
                .send()
                .expect(201);
        site.get(CONTAINER + "/link").expect(404);
        site.put(CONTAINER + "/later", "hello").expect(201);
        assertEquals("hello", site.get(CONTAINER + "/link").expect(200).text());
        signed("PUT", CONTAINER + "/bad", LATER, "realmkey")
                .header("X-Static-Large-Object", "True")
                .body("[{}]")
                .send()
                .expect(400);
    }

    @Test
    void containersGoWhereTheRealmsLeadAndNowhereElse() {
        String[][] refused = {
            {"//lab/there/AUTH_test", "Invalid X-Container-Sync-To format '//lab/there/AUTH_test'"},
            {"//none/there/AUTH_test/c", "No realm key for 'none'"},
            {"//lab/moon/AUTH_test/c", "No cluster endpoint for 'lab' 'moon'"},
        };
        for (String[] one : refused) {
            assertEquals(one[1], to(one[0]).expect(400).text());
        }
        assertTrue(
                to("http://x.example/v1/AUTH_test/c").expect(400).text().startsWith("Full URLs"));
        to("//LAB/There/AUTH_test/c").expect(204);
        Answer head = site.head(CONTAINER);
        assertEquals("//LAB/There/AUTH_test/c", head.header("X-Container-Sync-To"));
        assertEquals("userkey", head.header("X-Container-Sync-Key"));
        Answer versions =
                site.request("POST", CONTAINER)
                        .header("X-Versions-Enabled", "true")
                        .body("")
                        .send();
        versions.expect(400);
        to("").expect(204);
        assertEquals("(none)", site.head(CONTAINER).header("X-Container-Sync-To"));
    }

    private Answer to(String where) {
        return site.request("POST", CONTAINER).header("X-Container-Sync-To", where).body("").send();
    }

    @Test
    void theRealmsAreToldWithoutTheirSecrets() {
        String info = site.get("/info").text();
        assertTrue(
                info.contains(
                        "\"container_sync\": {\"realms\": {\"LAB\": {\"clusters\": {\"HERE\":"
                                + " {\"current\": true}, \"THERE\": {}}}}}"),
                info);
        assertFalse(info.contains("realmkey"), info);
    }
}
