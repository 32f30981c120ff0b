package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code docs/operations/devices.md}, each step as it is written, against a running server. */
@Tag("clients")
final class DevicesGuideTest {
    @TempDir Path directory;

    /** Small devices, so that what is lost is noticed and moved soon; nothing else is changed. */
    private static final String CONFIGURATION =
            """
            devices.segmentSize = 1 MiB
            devices.lowSpace = 1 MiB
            journal.lowSpace = 1 MiB
            store.blobSize = 256 KiB
            backfill.busyPercent = 100
            devices.upkeepPercent = 100
            """;

    @Test
    void eachStepWorksAsWritten() throws IOException, InterruptedException {
        Path configuration = directory.resolve("varve.conf");
        Files.writeString(configuration, CONFIGURATION);
        Path data = directory.resolve("data");
        try (ServerProcess server =
                ServerProcess.start(
                        data,
                        directory.resolve("server.log"),
                        "--config",
                        configuration.toString())) {
            Path work = Files.createDirectory(directory.resolve("work"));
            Map<String, String> environment = environment(server, data);
            ClientScript.run("devices-guide.sh", work, environment, server.log());
            assertEquals(0, server.stop(), () -> ClientScript.read(server.log()));
        }
    }

    /** What a script needs to call clients and commands. */
    static Map<String, String> environment(ServerProcess server, Path data) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("ENDPOINT", server.endpoint());
        environment.put("DATA", data.toString());
        environment.put("AWS_ACCESS_KEY_ID", ServerProcess.ACCESS_KEY);
        environment.put("AWS_SECRET_ACCESS_KEY", ServerProcess.SECRET_KEY);
        environment.put("JAVA", ProcessHandle.current().info().command().orElse("java"));
        environment.put("JAVA_FLAGS", flags());
        environment.put(
                "JAVA_CLASS_PATH",
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        return environment;
    }

    /** As bin/varve starts commands: quickly. */
    private static String flags() {
        String own =
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> flag.startsWith("--") || flag.startsWith("-D"))
                        .collect(Collectors.joining(" "));
        return own + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto";
    }
}
