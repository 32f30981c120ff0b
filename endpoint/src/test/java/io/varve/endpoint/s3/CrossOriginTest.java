package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.store.Caller;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.RequestId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

class CrossOriginTest {
    private static final String RULES =
            """
            <CORSConfiguration><CORSRule><AllowedOrigin>https://*.example.com</AllowedOrigin>
            <AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>
            <AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>
            <MaxAgeSeconds>300</MaxAgeSeconds></CORSRule>
            <CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod>
            </CORSRule></CORSConfiguration>\
            """;
    private static final String PAGE = "https://www.example.com";

    private final InMemoryStore store = new InMemoryStore();
    private final TestClient client = new TestClient(store);

    @BeforeEach
    void create() {
        client.request("PUT", "/bucket-a").send().expect(200);
        client.put("/bucket-a/key", "hello").expect(200);
    }

    private Answer preflight(String origin, String method, String headers) {
        TestClient.Request request =
                client.request("OPTIONS", "/bucket-a/key")
                        .header("Origin", origin)
                        .header("Access-Control-Request-Method", method);
        return headers.isEmpty()
                ? request.sendUnsigned()
                : request.header("Access-Control-Request-Headers", headers).sendUnsigned();
    }

    @Test
    void answersTheBrowserBeforeTheRequest() {
        preflight(PAGE, "GET", "").expect(403, "AccessForbidden");
        client.put("/bucket-a?cors", RULES).expect(200);
        assertEquals(RULES, client.get("/bucket-a?cors").expect(200).text());
        Answer allowed = preflight(PAGE, "PUT", "X-Amz-Date, x-amz-acl").expect(200);
        assertEquals(PAGE, allowed.header("Access-Control-Allow-Origin"));
        assertEquals("true", allowed.header("Access-Control-Allow-Credentials"));
        assertEquals("GET, PUT", allowed.header("Access-Control-Allow-Methods"));
        assertEquals("X-Amz-Date, x-amz-acl", allowed.header("Access-Control-Allow-Headers"));
        assertEquals("ETag", allowed.header("Access-Control-Expose-Headers"));
        assertEquals("300", allowed.header("Access-Control-Max-Age"));
        assertEquals(
                "*",
                preflight("null", "HEAD", "").expect(200).header("Access-Control-Allow-Origin"));
        preflight("https://example.com", "GET", "").expect(403, "AccessForbidden");
        preflight(PAGE, "DELETE", "").expect(403, "AccessForbidden");
        preflight(PAGE, "PUT", "authorization").expect(403, "AccessForbidden");
        client.request("OPTIONS", "/bucket-a/key").sendUnsigned().expect(400, "BadRequest");
        client.delete("/bucket-a?cors").expect(204);
        client.get("/bucket-a?cors").expect(404, "NoSuchCORSConfiguration");
    }

    @Test
    void tellsTheBrowserWithEachAnswerAlsoOfARefusal() {
        client.put("/bucket-a?cors", RULES).expect(200);
        Answer got = client.request("GET", "/bucket-a/key").header("Origin", PAGE).send();
        assertEquals(PAGE, got.expect(200).header("Access-Control-Allow-Origin"));
        assertEquals("hello", got.text());
        Answer denied =
                client.request("GET", "/bucket-a/key").header("Origin", PAGE).sendUnsigned();
        assertEquals(PAGE, denied.expect(403).header("Access-Control-Allow-Origin"));
        Answer elsewhere =
                client.request("GET", "/bucket-a/key").header("Origin", "https://b.org").send();
        assertEquals("(none)", elsewhere.expect(200).header("Access-Control-Allow-Origin"));
    }

    @Test
    void refusesRulesThatCannotBe() {
        client.put("/bucket-a?cors", "<CORSConfiguration/>").expect(400, "MalformedXML");
        client.put("/bucket-a?cors", RULES.replace("HEAD", "PATCH")).expect(400, "InvalidRequest");
        client.put("/bucket-a?cors", RULES.replace("https://*.", "*.*"))
                .expect(400, "InvalidRequest");
    }

    @Test
    void whatSwiftsMetadataAllowsIsAllowedHere() {
        long id = store.view().bucket("bucket-a").orElseThrow().id();
        var set = new TreeMap<>(Map.of("meta.access-control-allow-origin", PAGE));
        store.change(
                new Caller("account-1", "root", new RequestId(1, 1)),
                new BucketChange.ChangeBucketSettings(id, set, new TreeSet<>()));
        preflight(PAGE, "DELETE", "authorization").expect(200);
        preflight("https://example.com", "GET", "").expect(403, "AccessForbidden");
        Answer answer = client.request("GET", "/bucket-a/key").header("Origin", PAGE).send();
        assertEquals(PAGE, answer.expect(200).header("Access-Control-Allow-Origin"));
        client.put("/bucket-a?cors", RULES).expect(200);
        preflight(PAGE, "DELETE", "authorization").expect(403, "AccessForbidden");
    }
}
