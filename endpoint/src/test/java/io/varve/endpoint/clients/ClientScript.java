package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a script of {@code src/test/resources/clients}, with every check in the script. */
final class ClientScript {
    private static final long LIMIT_MINUTES = 60;

    private ClientScript() {}

    /**
     * @param work where it is run, which is also its home
     * @param serverLog shown when it fails
     */
    static void run(String script, Path work, Map<String, String> variables, Path serverLog)
            throws IOException, InterruptedException {
        Path scripts = Path.of("src/test/resources/clients").toAbsolutePath();
        Path output = work.resolveSibling(script + ".out");
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
        environment.putAll(variables);
        environment.put("HOME", work.toString());
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertTrue(ended, () -> script + " did not end: " + read(output));
        assertEquals(0, process.exitValue(), () -> read(output) + read(serverLog));
    }

    static String read(Path file) {
        try {
            String text = Files.readString(file);
            return text.substring(Math.max(0, text.length() - 8_000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
