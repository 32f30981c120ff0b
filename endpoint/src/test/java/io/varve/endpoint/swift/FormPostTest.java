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
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class FormPostTest {
    private static final String ACCOUNT = "/v1/AUTH_test";
    private static final String CONTAINER = ACCOUNT + "/c";
    private static final String BOUNDARY = "frontier";
    private static final String FUTURE = "4000000000";

    @TempDir Path directory;
    private SwiftSite site;
    private final StringBuilder form = new StringBuilder();

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        site.request("POST", ACCOUNT)
                .header("X-Account-Meta-Temp-URL-Key", "secret")
                .body("")
                .send()
                .expect(204);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static byte[] mac(String algorithm, String key, String text) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), algorithm));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private FormPostTest field(String name, String value) {
        form.append("--").append(BOUNDARY).append("\r\n");
        form.append("Content-Disposition: form-data; name=\"").append(name).append("\"\r\n\r\n");
        form.append(value).append("\r\n");
        return this;
    }

    private FormPostTest file(String name, String content) {
        form.append("--").append(BOUNDARY).append("\r\n");
        form.append("Content-Disposition: form-data; name=\"file\"; filename=\"").append(name);
        form.append("\"\r\nContent-Type: text/x-form\r\n\r\n").append(content).append("\r\n");
        return this;
    }

    private FormPostTest terms(
            String path, String redirect, String size, String count, String expires)
            throws Exception {
        String text = String.join("\n", path, redirect, size, count, expires);
        return field("redirect", redirect)
                .field("max_file_size", size)
                .field("max_file_count", count)
                .field("expires", expires)
                .field("signature", HexFormat.of().formatHex(mac("HmacSHA256", "secret", text)));
    }

    private Answer send(String target) {
        String whole = form + "--" + BOUNDARY + "--\r\n";
        form.setLength(0);
        return site.request("POST", target)
                .anonymous()
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .body(whole)
                .send();
    }

    @Test
    void filesOfASignedFormAreObjects() throws Exception {
        terms(CONTAINER + "/up/", "", "10", "2", FUTURE)
                .field("x_delete_at", "3999999999")
                .file("a b.txt", "hello")
                .file("ü", "line\r\n--x");
        Answer answer = send(CONTAINER + "/up/").expect(201);
        assertEquals("201 Created", answer.text());
        assertEquals("text/plain", answer.header("Content-Type"));
        Answer object = site.get(CONTAINER + "/up/a%20b.txt").expect(200);
        assertEquals("hello", object.text());
        assertEquals("text/x-form", object.header("Content-Type"));
        assertEquals("3999999999", object.header("X-Delete-At"));
        assertEquals("line\r\n--x", site.get(CONTAINER + "/up/%C3%BC").text());
    }

    @Test
    void aFormWithoutPrefixNamesObjectsOfTheContainer() throws Exception {
        terms(CONTAINER, "", "10", "1", FUTURE).file("o", "x");
        send(CONTAINER).expect(201);
        site.get(CONTAINER + "/o").expect(200);
    }

    @Test
    void theAnswerLeadsWhereTheFormSays() throws Exception {
        terms(CONTAINER, "https://example.org/done?a=1", "10", "1", FUTURE).file("o", "x");
        Answer answer = send(CONTAINER).expect(303);
        assertEquals("https://example.org/done?a=1&status=201&message=", answer.header("Location"));
        terms(CONTAINER, "https://example.org/done", "10", "1", FUTURE)
                .file("o", "x")
                .file("p", "y");
        assertEquals(
                "https://example.org/done?status=400&message=max%20file%20count%20exceeded",
                send(CONTAINER).expect(303).header("Location"));
        site.get(CONTAINER + "/p").expect(404);
    }

    @Test
    void whatTheFormDoesNotAllowIsRefused() throws Exception {
        terms(CONTAINER, "", "4", "1", FUTURE).file("o", "hello");
        assertEquals("FormPost: max_file_size exceeded", send(CONTAINER).expect(400).text());
        terms(CONTAINER, "", "9", "1", FUTURE).file("o", "x").file("p", "x");
        assertEquals(
                "400 Bad Request\r\nFormPost: Max File Count Exceeded",
                send(CONTAINER).expect(400).text());
        terms(CONTAINER, "", "9", "1", "1").file("o", "x");
        assertEquals("FormPost: Form Expired", send(CONTAINER).expect(401).text());
        terms(CONTAINER, "", "9", "1", FUTURE);
        assertEquals(
                "400 Bad Request\r\nFormPost: No Files To Process",
                send(CONTAINER).expect(400).text());
        terms(CONTAINER, "", "many", "1", FUTURE).file("o", "x");
        assertEquals("FormPost: max_file_size not an integer", send(CONTAINER).expect(400).text());
        site.get(CONTAINER + "/q").expect(404);
        site.get(CONTAINER + "/p").expect(404);
    }

    @Test
    void onlyWhatWasSignedCounts() throws Exception {
        String wrong = "FormPost: Invalid Signature";
        terms(CONTAINER + "/other", "", "9", "1", FUTURE).file("o", "x");
        assertEquals(wrong, send(CONTAINER).expect(401).text());
        terms(CONTAINER, "", "9", "1", FUTURE).field("max_file_size", "99").file("o", "x");
        assertEquals(wrong, send(CONTAINER).expect(401).text());
        field("max_file_count", "1").file("o", "x");
        assertEquals("FormPost: Form Expired", send(CONTAINER).expect(401).text());
        site.get(CONTAINER + "/o").expect(404);
        site.put(ACCOUNT + "/d").expect(201);
        site.request("POST", ACCOUNT + "/d")
                .header("X-Container-Meta-Temp-URL-Key", "secret")
                .body("")
                .send();
        site.request("POST", ACCOUNT)
                .header("X-Remove-Account-Meta-Temp-URL-Key", "x")
                .body("")
                .send();
        terms(CONTAINER, "", "9", "1", FUTURE).file("o", "x");
        assertEquals(wrong, send(CONTAINER).expect(401).text());
        terms(ACCOUNT + "/d", "", "9", "1", FUTURE).file("o", "x");
        send(ACCOUNT + "/d").expect(201);
    }

    @Test
    void everyDigestOfSwiftSigns() throws Exception {
        String text = String.join("\n", CONTAINER, "", "9", "1", FUTURE);
        for (String algorithm : new String[] {"SHA1", "SHA256", "SHA512"}) {
            byte[] mac = mac("Hmac" + algorithm, "secret", text);
            String base64 = algorithm.toLowerCase(Locale.ROOT) + ":";
            for (String signature :
                    new String[] {
                        HexFormat.of().formatHex(mac),
                        base64 + Base64.getEncoder().encodeToString(mac)
                    }) {
                field("max_file_size", "9")
                        .field("max_file_count", "1")
                        .field("expires", FUTURE)
                        .field("signature", signature)
                        .file("o", "x");
                send(CONTAINER).expect(201);
            }
        }
    }

    @Test
    void whatIsNoFormIsRefused() {
        form.append("nothing");
        Answer answer = send(CONTAINER).expect(400);
        assertEquals("FormPost: invalid starting boundary", answer.text());
        assertTrue(site.get("/info").text().contains("\"formpost\""));
    }
}
