package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/time-travel.md}, each command as it is written, against a running server. */
@Tag("clients")
final class TimeTravelTest {
    @TempDir Path directory;

    @Test
    void eachCommandWorksAsWritten() throws IOException, InterruptedException {
        Path data = directory.resolve("data");
        try (ServerProcess server = ServerProcess.start(data, directory.resolve("server.log"))) {
            Path work = Files.createDirectory(directory.resolve("work"));
            Map<String, String> environment =
                    new TreeMap<>(DevicesGuideTest.environment(server, data));
            environment.put("AWS_DEFAULT_REGION", "us-east-1");
            ClientScript.run("time-travel.sh", work, environment, server.log());
            assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
        }
    }
}
