package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The clients people use, against the product as they would start it. Each client's steps are a
 * script of its own in {@code src/test/resources/clients}, with every check in the script.
 *
 * <p>{@code -Dvarve.clients.files=20000 -Dvarve.clients.large=5120} make the trees and the large
 * object (MiB) as big as one has the time for.
 */
@Tag("clients")
class ClientsTest {
    private static final long LIMIT_MINUTES = 60;

    @TempDir static Path directory;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(directory.resolve("data"), directory.resolve("server.log"));
    }

    @AfterAll
    static void drainsAndExitsWithZero() throws IOException {
        assertEquals(0, server.stop(), () -> read(server.log()));
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
                "walkthrough.sh"
            })
    void worksWith(String script) throws IOException, InterruptedException {
        Path scripts = Path.of("src/test/resources/clients").toAbsolutePath();
        Path work = Files.createDirectory(directory.resolve(script));
        Path output = directory.resolve(script + ".out");
        ProcessBuilder builder =
                new ProcessBuilder(
                                script.endsWith(".py") ? "python3" : "bash",
                                scripts.resolve(script).toString())
                        .directory(work.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        var environment = builder.environment();
        // What the machine's user has set for other servers must not reach the clients.
        environment
                .keySet()
                .removeIf(
                        name ->
                                name.startsWith("AWS_")
                                        || name.startsWith("OS_")
                                        || name.endsWith("_proxy")
                                        || name.endsWith("_CA_BUNDLE"));
        environment.put("ENDPOINT", server.endpoint());
        environment.put("HTTPS_ENDPOINT", server.httpsEndpoint());
        environment.put("CA_CERTIFICATE", server.certificate().toString());
        environment.put("AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY);
        environment.put("AWS_DEFAULT_REGION", "us-east-1");
        environment.put("HOME", work.toString());
        environment.put("FILES", System.getProperty("varve.clients.files", "300"));
        environment.put("LARGE_MIB", System.getProperty("varve.clients.large", "192"));
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertTrue(ended, () -> script + " did not end: " + read(output));
        assertEquals(0, process.exitValue(), () -> read(output) + read(server.log()));
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(Math.max(0, text.length() - 8_000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
