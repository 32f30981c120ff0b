package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.Caller;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

final class CrossOriginTest {
    private static final String CONTAINER = "/v1/AUTH_test/c";
    private static final String OBJECT = CONTAINER + "/o";
    private static final String PAGE = "https://page.example.org";
    private static final String NONE = "(none)";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        site.request("PUT", OBJECT)
                .header("X-Object-Meta-Colour", "red")
                .body("hello")
                .send()
                .expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void allow(String origins) {
        site.request("POST", CONTAINER)
                .header("X-Container-Meta-Access-Control-Allow-Origin", origins)
                .header("X-Container-Meta-Access-Control-Max-Age", "600")
                .header("X-Container-Meta-Access-Control-Expose-Headers", "X-Thing etag")
                .body("")
                .send()
                .expect(204);
    }

    private Answer preflight(String target, String origin, String method) {
        return site.request("OPTIONS", target)
                .anonymous()
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", "x-auth-token, x-object-meta-a")
                .send();
    }

    private Answer visit(String method, String target) {
        return site.request(method, target).header("Origin", PAGE).send();
    }

    @Test
    void aBrowserIsToldWhatThePageMayAskFor() {
        allow("https://other.example.org " + PAGE);
        Answer answer = preflight(OBJECT, PAGE, "PUT").expect(200);
        assertEquals(PAGE, answer.header("Access-Control-Allow-Origin"));
        assertEquals("600", answer.header("Access-Control-Max-Age"));
        assertTrue(answer.header("Access-Control-Allow-Methods").contains("PUT"));
        assertEquals(
                "x-auth-token, x-object-meta-a", answer.header("Access-Control-Allow-Headers"));
        assertEquals("Origin, Access-Control-Request-Headers", answer.header("Vary"));
        preflight(OBJECT, "https://page.example", "PUT").expect(401);
        preflight(OBJECT, PAGE, "BREW").expect(401);
        preflight("/v1/AUTH_test/absent/o", PAGE, "GET").expect(401);
        preflight(OBJECT + "?temp_url_sig=x&temp_url_expires=9", PAGE, "PUT").expect(200);
    }

    @Test
    void whoIsNoBrowserIsToldTheMethods() {
        Answer answer = site.request("OPTIONS", OBJECT).anonymous().send().expect(200);
        assertTrue(answer.header("Allow").contains("DELETE"));
        assertEquals(NONE, answer.header("Access-Control-Allow-Origin"));
        preflight("/v1/AUTH_test", PAGE, "GET").expect(200);
    }

    @Test
    void answersAreHandedToThePagesThatMay() {
        assertEquals(NONE, visit("GET", OBJECT).header("Access-Control-Allow-Origin"));
        allow(PAGE);
        Answer answer = visit("GET", OBJECT).expect(200);
        assertEquals(PAGE, answer.header("Access-Control-Allow-Origin"));
        assertEquals("Origin", answer.header("Vary"));
        List<String> exposed =
                List.of(answer.header("Access-Control-Expose-Headers").split(", ", -1));
        assertTrue(
                exposed.containsAll(List.of("etag", "x-thing", "x-object-meta-colour")),
                exposed::toString);
        Answer denied = site.request("GET", OBJECT).anonymous().header("Origin", PAGE).send();
        assertEquals(PAGE, denied.expect(401).header("Access-Control-Allow-Origin"));
        Answer other = site.request("GET", OBJECT).header("Origin", "https://x.example").send();
        assertEquals(NONE, other.expect(200).header("Access-Control-Allow-Origin"));
        assertEquals(PAGE, visit("GET", CONTAINER).header("Access-Control-Allow-Origin"));
        assertTrue(visit("GET", CONTAINER).header("Vary").endsWith(", Origin"));
    }

    @Test
    void allPagesMayWhereTheMetadataSaysSo() {
        allow("*");
        assertEquals("*", visit("GET", OBJECT).header("Access-Control-Allow-Origin"));
        Answer answer = preflight(OBJECT, PAGE, "GET").expect(200);
        assertEquals("*", answer.header("Access-Control-Allow-Origin"));
        assertEquals("Access-Control-Request-Headers", answer.header("Vary"));
    }

    @Test
    void rulesOfS3Count() {
        String document =
                "<CORSConfiguration><CORSRule><ID>a<b/></ID><AllowedOrigin>https://*.example.org"
                        + "</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-*"
                        + "</AllowedHeader><MaxAgeSeconds>5</MaxAgeSeconds></CORSRule>"
                        + "</CORSConfiguration>";
        long id = site.store().bucket("test", "c").orElseThrow().id();
        site.store()
                .change(
                        new Caller("test", "tester", new RequestId(1, 1)),
                        new BucketChange.ChangeBucketSettings(
                                id, new TreeMap<>(Map.of("cors", document)), new TreeSet<>()));
        Answer answer = preflight(OBJECT, PAGE, "PUT").expect(200);
        assertEquals(PAGE, answer.header("Access-Control-Allow-Origin"));
        assertEquals("5", answer.header("Access-Control-Max-Age"));
        preflight(OBJECT, PAGE, "GET").expect(401);
        Answer put = site.request("PUT", OBJECT).header("Origin", PAGE).body("x").send();
        assertEquals(PAGE, put.expect(201).header("Access-Control-Allow-Origin"));
        assertEquals(NONE, visit("GET", OBJECT).header("Access-Control-Allow-Origin"));
    }
}
