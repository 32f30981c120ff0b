package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.serve.VarveServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** {@code varve bucket transition} against a server that is stopped meanwhile. */
final class TransitionCommandsTest {
    private static final int OBJECTS = 5;
    private static final int OBJECT_BYTES = 100_000;

    @TempDir private Path directory;
    private final HttpClient http = HttpClient.newHttpClient();
    private VarveServer server;
    private Path configuration;

    @BeforeEach
    void start() throws IOException {
        configuration = directory.resolve("varve.conf");
        open("64 KiB");
    }

    private void open(String repairRate) throws IOException {
        Files.writeString(
                configuration,
                """
                data.directory = %s
                http.address = 127.0.0.1:0
                https.address = off
                devices.segmentSize = 1 MiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                pool.repairRate = %s
                """
                        .formatted(directory.resolve("data"), repairRate));
        server = VarveServer.start(VarveConfig.load(configuration, Map.of()), Map.of(), null);
    }

    @AfterEach
    void stop() {
        server.close();
        http.close();
    }

    private String host() {
        return "127.0.0.1:" + server.address("http").orElseThrow().getPort();
    }

    private JsonNode varve(String... words) throws JsonException {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(
                List.of(
                        "--config",
                        configuration.toString(),
                        "--url",
                        "http://" + host(),
                        "--json"));
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        assertEquals(0, run.exitCode(), run::output);
        return Json.read(run.output());
    }

    /** What the server made for itself. */
    private String root(String name) throws IOException {
        return Files.readAllLines(directory.resolve("data").resolve("root-credential")).stream()
                .filter(line -> line.startsWith(name + " = "))
                .map(line -> line.substring(name.length() + 3))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<byte[]> s3(String method, String path, byte[] body) throws Exception {
        String target =
                PresignedTarget.of(method, host(), path, root("accessKey"), root("secretKey"));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + host() + target))
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, answer.statusCode(), () -> method + " " + path);
        return answer;
    }

    private JsonNode only() throws JsonException {
        JsonNode transitions = varve("bucket", "transitions").path("transitions");
        assertEquals(1, transitions.size(), transitions::toString);
        return transitions.get(0);
    }

    @Test
    void goesOnAfterARestart() throws Exception {
        s3("PUT", "/logs", new byte[0]);
        for (int i = 0; i < OBJECTS; i++) {
            s3("PUT", "/logs/o" + i, new byte[OBJECT_BYTES]);
        }
        varve("pool", "add", "cold", "--scheme", "2");
        // At 64 KiB a second this would take until after the server is stopped.
        JsonNode asked = varve("bucket", "transition", "logs", "--storage-class", "cold");
        assertEquals(1, asked.path("id").asInt());
        server.close();
        open("1 GiB");
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!only().path("state").asText().equals("done")) {
            assertTrue(System.nanoTime() - end < 0, "it does not end");
            LockSupport.parkNanos(20_000_000);
        }
        assertEquals(1, only().path("id").asInt());
        assertEquals(OBJECTS, only().path("looked").asInt());
        assertTrue(only().path("moved").asInt() > 0, "nothing was left to move");
        for (int i = 0; i < OBJECTS; i++) {
            HttpResponse<byte[]> object = s3("GET", "/logs/o" + i, new byte[0]);
            assertEquals(OBJECT_BYTES, object.body().length);
            assertEquals("cold", object.headers().firstValue("x-amz-storage-class").orElse(""));
        }
        server.close();
        open("1 GiB");
        assertEquals(0, varve("bucket", "transitions").path("transitions").size(), "it has ended");
    }
}
