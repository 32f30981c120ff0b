package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clients people use, against the product as they would start it. Each client's steps are a
 * script of its own in {@code src/test/resources/clients}, with every check in the script. Each
 * class has a server of its own: they run side by side.
 *
 * <p>{@code -Dvarve.clients.files=20000 -Dvarve.clients.large=5120} make the trees and the large
 * object (MiB) as big as one has the time for.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
abstract class ScriptedClients {
    private Path directory;
    private ServerProcess server;

    @BeforeAll
    void start(@TempDir Path here) throws IOException {
        directory = here;
        server = ServerProcess.start(directory.resolve("data"), directory.resolve("server.log"));
    }

    @AfterAll
    void drainsAndExitsWithZero() throws IOException {
        assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
    }

    void run(String script) throws IOException, InterruptedException {
        Path work = Files.createDirectory(directory.resolve(script));
        Map<String, String> environment = new TreeMap<>();
        environment.put("ENDPOINT", server.endpoint());
        environment.put("HTTPS_ENDPOINT", server.httpsEndpoint());
        environment.put("CA_CERTIFICATE", server.certificate().toString());
        environment.put("AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("FILES", System.getProperty("varve.clients.files", "300"));
        environment.put("LARGE_MIB", System.getProperty("varve.clients.large", "192"));
        ClientScript.run(script, work, environment, server.log());
    }
}
