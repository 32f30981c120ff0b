package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class SettingsTest {
    private static final String ACCOUNT = "/v1/AUTH_test";
    private static final String CONTAINER = ACCOUNT + "/c";
    private static final String OBJECT = CONTAINER + "/o";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        site.put(OBJECT, "hello").expect(201);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void post(String target, String header, String value) {
        site.request("POST", target).header(header, value).body("").send();
    }

    @Test
    void metadataOfAccountsAndContainersMustBeUtf8() {
        for (String[] one :
                new String[][] {
                    {"POST", "/v1/AUTH_test", "X-Account-Meta-A"},
                    {"PUT", "/v1/AUTH_test/new", "X-Container-Meta-A"}
                }) {
            SwiftSite.Request latin1 = site.request(one[0], one[1]).header(one[2], "\u00e4");
            latin1.http().latin1();
            assertEquals("Metadata must be valid UTF-8", latin1.body("").send().expect(400).text());
            SwiftSite.Request other = site.request(one[0], one[1]).header("Referer", "\u00e4");
            other.http().latin1();
            assertTrue(other.header(one[2], "a").body("").send().status() < 300);
        }
        SwiftSite.Request typed =
                site.request("PUT", "/v1/AUTH_test/new/o").header("Content-Type", "te\u00e4t/x");
        typed.http().latin1();
        assertEquals("Invalid Content-Type", typed.body("").send().expect(400).text());
    }

    @Test
    void metadataComesAndGoes() {
        post(CONTAINER, "X-Container-Meta-One", "1");
        post(CONTAINER, "X-Container-Meta-Two", "2");
        assertEquals("1", site.head(CONTAINER).header("X-Container-Meta-One"));
        post(CONTAINER, "X-Remove-Container-Meta-One", "x");
        post(CONTAINER, "X-Container-Meta-Two", "");
        Answer head = site.head(CONTAINER).expect(204);
        assertEquals("(none)", head.header("X-Container-Meta-One"));
        assertEquals("(none)", head.header("X-Container-Meta-Two"));
        post(ACCOUNT, "X-Account-Meta-Colour", "red");
        assertEquals("red", site.head(ACCOUNT).header("X-Account-Meta-Colour"));
    }

    @Test
    void aPostReplacesWhatIsSaidOfAnObject() {
        post(OBJECT, "X-Object-Meta-A", "1");
        post(OBJECT, "X-Object-Meta-B", "2");
        Answer head = site.head(OBJECT).expect(200);
        assertEquals("(none)", head.header("X-Object-Meta-A"));
        assertEquals("2", head.header("X-Object-Meta-B"));
        assertEquals("application/octet-stream", head.header("Content-Type"));
    }

    @Test
    void quotasHold() {
        post(CONTAINER, "X-Container-Meta-Quota-Bytes", "6");
        site.put(CONTAINER + "/p", "xy").expect(413);
        site.put(CONTAINER + "/p", "x").expect(201);
        assertEquals("6", site.head(CONTAINER).header("X-Container-Meta-Quota-Bytes"));
        site.request("POST", CONTAINER)
                .header("X-Container-Meta-Quota-Bytes", "many")
                .body("")
                .send()
                .expect(400);
        SwiftSite.Request quota =
                site.request("POST", ACCOUNT).header("X-Account-Meta-Quota-Bytes", "1").body("");
        quota.send().expect(403);
    }

    @Test
    void elementsOpenAContainer() {
        site.request("GET", OBJECT).anonymous().send().expect(401);
        post(CONTAINER, "X-Container-Read", ".r:*");
        assertEquals("hello", site.request("GET", OBJECT).anonymous().send().text());
        site.request("GET", CONTAINER).anonymous().send().expect(401);
        post(CONTAINER, "X-Container-Read", ".r:*, .rlistings");
        site.request("GET", CONTAINER).anonymous().send().expect(200);
        assertEquals(".r:*,.rlistings", site.head(CONTAINER).header("X-Container-Read"));
        post(CONTAINER, "X-Container-Write", "test2:tester2");
        site.request("PUT", CONTAINER + "/p").as(SwiftSite.STRANGER).body("x").send().expect(201);
        site.request("PUT", CONTAINER + "/p").as(SwiftSite.NOBODY).body("x").send().expect(403);
        site.request("POST", CONTAINER)
                .header("X-Container-Write", ".r:*")
                .body("")
                .send()
                .expect(400);
    }

    @Test
    void expiryIsSaidAndCannotBePast() {
        site.request("PUT", OBJECT)
                .header("X-Delete-At", "4000000000")
                .body("hello")
                .send()
                .expect(201);
        assertEquals("4000000000", site.head(OBJECT).header("X-Delete-At"));
        post(OBJECT, "X-Object-Meta-A", "1");
        assertEquals("(none)", site.head(OBJECT).header("X-Delete-At"));
        for (String[] bad : new String[][] {{"X-Delete-At", "1"}, {"X-Delete-After", "x"}}) {
            site.request("PUT", OBJECT).header(bad[0], bad[1]).body("").send().expect(400);
        }
    }

    @Test
    void aSignedUrlDoesWhatItSays() throws Exception {
        post(ACCOUNT, "X-Account-Meta-Temp-URL-Key", "secret");
        String signed = signed("GET", "4000000000", OBJECT);
        Answer answer = site.request("GET", OBJECT + signed).anonymous().send().expect(200);
        assertEquals("hello", answer.text());
        assertTrue(answer.header("Content-Disposition").startsWith("attachment; filename=\"o\""));
        site.request("HEAD", OBJECT + signed).anonymous().send().expect(200);
        site.request("PUT", OBJECT + signed).anonymous().body("x").send().expect(401);
        site.request("GET", CONTAINER + "/p" + signed).anonymous().send().expect(401);
        String old = signed("GET", "1", OBJECT);
        site.request("GET", OBJECT + old).anonymous().send().expect(401);
        String range = signed + "&temp_url_ip_range=10.0.0.0/8";
        site.request("GET", OBJECT + range).anonymous().send().expect(401);
    }

    private static String signed(String method, String expires, String path) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        String text = method + "\n" + expires + "\n" + path;
        String signature =
                HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        return "?temp_url_sig=" + signature + "&temp_url_expires=" + expires;
    }

    @Test
    void aContainerIsAWebSite() {
        post(CONTAINER, "X-Container-Read", ".r:*,.rlistings");
        post(CONTAINER, "X-Container-Meta-Web-Index", "index.html");
        post(CONTAINER, "X-Container-Meta-Web-Error", "error.html");
        site.put(CONTAINER + "/index.html", "<p>home</p>").expect(201);
        site.put(CONTAINER + "/404error.html", "<p>lost</p>").expect(201);
        site.put(CONTAINER + "/sub/index.html", "<p>sub</p>").expect(201);
        visit(CONTAINER).expect(301);
        assertEquals("<p>home</p>", visit(CONTAINER + "/").text());
        assertEquals(
                "http://localhost:9000" + CONTAINER + "/sub/",
                visit(CONTAINER + "/sub").expect(301).header("Location"));
        assertEquals("<p>sub</p>", visit(CONTAINER + "/sub/").text());
        assertEquals("<p>lost</p>", visit(CONTAINER + "/nowhere").expect(404).text());
        site.delete(CONTAINER + "/index.html").expect(204);
        visit(CONTAINER + "/").expect(404);
        post(CONTAINER, "X-Container-Meta-Web-Listings", "true");
        String listing = visit(CONTAINER + "/").expect(200).text();
        assertTrue(listing.contains("<a href=\"sub/\">sub/</a>"), listing);
    }

    @Test
    void aFolderOfAWebSiteWithoutListingsIsNotThere() {
        post(CONTAINER, "X-Container-Read", ".r:*");
        post(CONTAINER, "X-Container-Meta-Web-Index", "index.html");
        post(CONTAINER, "X-Container-Meta-Web-Error", "error.html");
        site.put(CONTAINER + "/404error.html", "<p>lost</p>").expect(201);
        site.put(CONTAINER + "/sub/page.html", "<p>page</p>").expect(201);
        assertEquals("<p>lost</p>", visit(CONTAINER + "/sub/").expect(404).text());
        visit(CONTAINER + "/").expect(401);
    }

    private Answer visit(String target) {
        return site.request("GET", target).anonymous().send();
    }

    @Test
    void manyGoByOneRequest() {
        Answer answer =
                site.request("POST", ACCOUNT + "?bulk-delete")
                        .body("c/o\n/c/absent\nc\n")
                        .send()
                        .expect(200);
        assertEquals(
                "Number Deleted: 2\nNumber Not Found: 1\nResponse Body: \n"
                        + "Response Status: 200 OK\nErrors:\n",
                answer.text());
        site.head(CONTAINER).expect(404);
    }
}
