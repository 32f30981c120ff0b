package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.MemorySite;
import io.varve.endpoint.store.NameScope;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** A site where every account has names of its own. */
final class NamesByAccountTest {
    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(new MemorySite(directory, NameScope.ACCOUNT), SwiftConfig.DEFAULT);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Answer strangers(String method, String target, String body) {
        return site.request(method, target).as(SwiftSite.STRANGER).body(body).send();
    }

    @Test
    void accountsHaveTheSameNameForDifferentContainers() {
        site.put("/v1/AUTH_test/c").expect(201);
        strangers("PUT", "/v1/AUTH_test2/c", "").expect(201);
        site.put("/v1/AUTH_test/c").expect(202);
        site.put("/v1/AUTH_test/c/o", "mine").expect(201);
        strangers("PUT", "/v1/AUTH_test2/c/o", "theirs").expect(201);
        assertEquals("mine", site.get("/v1/AUTH_test/c/o").text());
        assertEquals("theirs", strangers("GET", "/v1/AUTH_test2/c/o", "").text());
        strangers("GET", "/v1/AUTH_test/c/o", "").expect(403);
        assertEquals(List.of("c"), site.get("/v1/AUTH_test").lines());
        strangers("DELETE", "/v1/AUTH_test2/c/o", "").expect(204);
        strangers("DELETE", "/v1/AUTH_test2/c", "").expect(204);
        assertEquals("mine", site.get("/v1/AUTH_test/c/o").expect(200).text());
        assertEquals("", strangers("GET", "/v1/AUTH_test2", "").expect(204).text());
    }

    @Test
    void aPathWithoutAccountMeansTheSendersOwn() {
        strangers("PUT", "/swift/v1/c", "").expect(201);
        site.get("/swift/v1/c").expect(404);
        strangers("GET", "/swift/v1/c", "").expect(204);
    }

    @Test
    void segmentsAreSoughtInTheAccountOfTheLargeObject() {
        for (String account : new String[] {"AUTH_test", "AUTH_test2"}) {
            String user = account.equals("AUTH_test") ? SwiftSite.OWNER : SwiftSite.STRANGER;
            String container = "/v1/" + account + "/parts";
            site.request("PUT", container).as(user).body("").send().expect(201);
            site.request("PUT", container + "/1").as(user).body(account).send().expect(201);
            site.request("PUT", container + "/whole")
                    .as(user)
                    .header("X-Object-Manifest", "parts/1")
                    .body("")
                    .send()
                    .expect(201);
        }
        assertEquals("AUTH_test2", strangers("GET", "/v1/AUTH_test2/parts/whole", "").text());
        assertEquals("AUTH_test", site.get("/v1/AUTH_test/parts/whole").text());
    }
}
