package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The product beside the distribution's own Keystone. What the clients do is in {@code
 * keystone.sh}, {@code keystone-down.sh} and {@code keystone-again.sh}, which share a directory.
 */
@Tag("clients")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExistingKeystoneTest {
    private static final long CACHE_SECONDS = 600;

    @TempDir static Path directory;

    private static KeystoneProcess keystone;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        keystone = KeystoneProcess.start(Files.createDirectory(directory.resolve("keystone")));
        Path configuration = directory.resolve("varve.conf");
        Files.writeString(
                configuration,
                """
                identity.keystone.url = %s
                identity.keystone.user = varve
                identity.keystone.password = hush-hush
                identity.keystone.project = service
                identity.keystone.cacheTime = %d s
                identity.keystone.timeout = 20 s
                identity.keystone.memberRoles = member, tenant
                """
                        .formatted(keystone.url(), CACHE_SECONDS));
        server =
                ServerProcess.start(
                        directory.resolve("data"),
                        directory.resolve("server.log"),
                        "--config",
                        configuration.toString());
    }

    @AfterAll
    static void stop() throws IOException {
        try (KeystoneProcess _ = keystone) {
            if (server != null) {
                assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
            }
        }
    }

    @Test
    @Order(1)
    void usersOfKeystoneUseTheStorage() throws Exception {
        run("keystone.sh");
    }

    @Test
    @Order(2)
    void whoIsKnownGoesOnWhileKeystoneIsDownAndOthersAreToldSo() throws Exception {
        keystone.stop();
        run("keystone-down.sh");
    }

    @Test
    @Order(3)
    void everybodyGoesOnOnceKeystoneIsBack() throws Exception {
        keystone.restart();
        run("keystone-again.sh");
    }

    private static void run(String script) throws IOException, InterruptedException {
        Path work = directory.resolve("work");
        Files.createDirectories(work);
        Map<String, String> environment = new TreeMap<>();
        environment.put("ENDPOINT", server.endpoint());
        environment.put("KEYSTONE", keystone.url());
        environment.put("KEYSTONE_PASSWORD", KeystoneProcess.ADMIN_PASSWORD);
        environment.put("SERVICE_PASSWORD", "hush-hush");
        environment.put("ROOT_ACCESS", ServerProcess.ACCESS_KEY);
        environment.put("ROOT_SECRET", ServerProcess.SECRET_KEY);
        ClientScript.run(script, work, environment, server.log());
    }
}
