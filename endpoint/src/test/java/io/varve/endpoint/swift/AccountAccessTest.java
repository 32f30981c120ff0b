package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class AccountAccessTest {
    private static final String ACCOUNT = "/v1/AUTH_test";
    private static final String CONTAINER = ACCOUNT + "/c";
    private static final String OBJECT = CONTAINER + "/o";
    private static final String HEADER = "X-Account-Access-Control";
    private static final String NONE = "(none)";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
        site.put(CONTAINER).expect(201);
        site.put(OBJECT, "hello").expect(201);
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

    private Answer set(String lists) {
        return site.request("POST", ACCOUNT).header(HEADER, lists).body("").send();
    }

    private Answer stranger(String method, String target) {
        return site.request(method, target).as(SwiftSite.STRANGER).body("").send();
    }

    @Test
    void readersLookAtEverythingButSecrets() {
        stranger("GET", ACCOUNT).expect(403);
        stranger("GET", CONTAINER).expect(403);
        set("{\"read-only\": [\"test2:tester2\"]}").expect(204);
        Answer account = stranger("HEAD", ACCOUNT).expect(204);
        assertEquals(NONE, account.header("X-Account-Meta-Temp-Url-Key"));
        assertEquals(NONE, account.header(HEADER));
        stranger("GET", CONTAINER).expect(200);
        assertEquals("hello", stranger("GET", OBJECT).expect(200).text());
        stranger("PUT", OBJECT).expect(403);
        stranger("PUT", ACCOUNT + "/d").expect(403);
        stranger("POST", CONTAINER).expect(403);
        stranger("POST", ACCOUNT).expect(403);
        site.request("GET", OBJECT).anonymous().send().expect(401);
    }

    @Test
    void writersDoEverythingWithContainersAndObjects() {
        set("{\"read-write\": [\"test2\"]}").expect(204);
        stranger("PUT", ACCOUNT + "/d").expect(201);
        stranger("PUT", ACCOUNT + "/d/o").expect(201);
        stranger("DELETE", ACCOUNT + "/d/o").expect(204);
        site.request("POST", ACCOUNT + "/d")
                .as(SwiftSite.STRANGER)
                .header("X-Container-Read", ".r:*")
                .header("X-Container-Meta-Temp-URL-Key", "mine")
                .header("X-Container-Meta-Colour", "red")
                .body("")
                .send()
                .expect(204);
        Answer container = site.head(ACCOUNT + "/d").expect(204);
        assertEquals("red", container.header("X-Container-Meta-Colour"));
        assertEquals(NONE, container.header("X-Container-Read"));
        assertEquals(NONE, container.header("X-Container-Meta-Temp-Url-Key"));
        stranger("DELETE", ACCOUNT + "/d").expect(204);
        stranger("POST", ACCOUNT).expect(403);
        assertEquals(NONE, stranger("HEAD", ACCOUNT).header("X-Account-Meta-Temp-Url-Key"));
    }

    @Test
    void administratorsAreAsTheOwner() {
        String lists = "{\"admin\":[\"test2:tester2\"]}";
        set(lists).expect(204);
        Answer account = stranger("HEAD", ACCOUNT).expect(204);
        assertEquals("secret", account.header("X-Account-Meta-Temp-Url-Key"));
        assertEquals(lists, account.header(HEADER));
        stranger("POST", ACCOUNT).expect(204);
        site.request("POST", ACCOUNT)
                .as(SwiftSite.STRANGER)
                .header(HEADER, "{}")
                .body("")
                .send()
                .expect(204);
        assertEquals(NONE, site.head(ACCOUNT).header(HEADER));
        stranger("HEAD", ACCOUNT).expect(403);
    }

    @Test
    void whatIsNoListIsRefused() {
        Answer answer = set("{\"other\": []}").expect(400);
        assertEquals(
                "X-Account-Access-Control invalid: Key \"other\" not recognized\n\n"
                        + "Input: {\"other\": []}\n",
                answer.text());
        set("{\"read-only\": [\"test2\"]}").expect(204);
        set("").expect(204);
        stranger("GET", ACCOUNT).expect(403);
    }
}
