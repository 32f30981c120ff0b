package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.site.TestBrokers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scripts of {@link ClientsTest}, unchanged, against a site whose journal is on Kafka: the one of
 * boto3, or those that {@code -Dvarve.clients.kafka=swift.sh,rclone.sh} names.
 */
@Tag("clients")
final class ClientsOnKafkaTest {
    @TempDir static Path directory;

    private static TestBrokers brokers;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        brokers = TestBrokers.start(directory.resolve("brokers"), 1);
        Path file = directory.resolve("varve.conf");
        Files.writeString(file, brokers.settings());
        server =
                ServerProcess.start(
                        directory.resolve("data"),
                        directory.resolve("server.log"),
                        "--config",
                        file.toString());
    }

    @AfterAll
    static void drainsAndExitsWithZero() throws IOException {
        assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
        brokers.close();
    }

    static List<String> scripts() {
        return List.of(System.getProperty("varve.clients.kafka", "sdk.py").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("scripts")
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
