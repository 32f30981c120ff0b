package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;
import io.varve.endpoint.site.MemorySite;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

final class StoragePoliciesTest {
    private static final String ACCOUNT = "/v1/AUTH_test";
    private static final String PREFIX = "X-Account-Storage-Policy-";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site =
                new SwiftSite(
                        new MemorySite(directory),
                        new SwiftConfig("AUTH_", List.of("gold", "silver"), SwiftConfig.Sync.NONE));
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Answer create(String container, String policy) {
        return site.request("PUT", ACCOUNT + container)
                .header("X-Storage-Policy", policy)
                .body("")
                .send();
    }

    @Test
    void aContainerHasOneForLife() {
        create("/c", "SILVER").expect(201);
        assertEquals("silver", site.head(ACCOUNT + "/c").header("X-Storage-Policy"));
        create("/c", "silver").expect(202);
        site.put(ACCOUNT + "/c").expect(202);
        create("/c", "gold").expect(409);
        site.put(ACCOUNT + "/d").expect(201);
        assertEquals("gold", site.get(ACCOUNT + "/d").header("X-Storage-Policy"));
        create("/d", "gold").expect(202);
        Answer unknown = create("/e", "bronze").expect(400);
        assertEquals("Invalid X-Storage-Policy 'bronze'", unknown.text());
        site.head(ACCOUNT + "/e").expect(404);
    }

    @Test
    void anAccountTellsWhatItHasOfEach() {
        assertEquals("(none)", site.head(ACCOUNT).header(PREFIX + "gold-Bytes-Used"));
        create("/c", "silver").expect(201);
        create("/d", "gold").expect(201);
        create("/e", "gold").expect(201);
        site.put(ACCOUNT + "/e/o", "hello").expect(201);
        Answer account = site.head(ACCOUNT).expect(204);
        assertEquals("5", account.header(PREFIX + "gold-Bytes-Used"));
        assertEquals("1", account.header(PREFIX + "gold-Object-Count"));
        assertEquals("2", account.header(PREFIX + "gold-Container-Count"));
        assertEquals("1", account.header(PREFIX + "silver-Container-Count"));
        assertEquals("0", account.header(PREFIX + "silver-Bytes-Used"));
    }

    @Test
    void clientsAreToldWhichThereAre() {
        String info = site.get("/info").text();
        assertTrue(info.contains("{\"name\": \"gold\", \"aliases\": \"gold\""), info);
        assertTrue(info.contains("\"silver\""), info);
    }

    @Test
    void anAccountIsAsOldAsItsProject() {
        assertEquals("1700000000.12345", site.head(ACCOUNT).header("X-Timestamp"));
    }
}
