package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The clients people use, against the product as they would start it. Each client's steps are a
 * script of its own in {@code src/test/resources/clients}, with every check in the script.
 *
 * <p>{@code -Dvarve.clients.files=20000 -Dvarve.clients.large=5120} make the trees and the large
 * object (MiB) as big as one has the time for.
 */
@Tag("clients")
class ClientsTest {
    @TempDir static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory.resolve("data"), directory.resolve("server.log"));
    }

    @AfterAll
    static void drainsAndExitsWithZero() throws IOException {
        assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws.sh",
                "sdk.py",
                "s3cmd.sh",
                "rclone.sh",
                "restic.sh",
                "openstack.sh",
                "cross.sh",
                "identity-peers.sh",
                "walkthrough.sh",
                "website.sh",
                "backup.sh",
                "versioning.py",
                "past.sh",
                "swift.sh"
            })
    void worksWith(String script) throws IOException, InterruptedException {
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
