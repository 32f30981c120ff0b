package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Starts that fail: one clear message, the right exit code, no stack trace. */
final class ServeCommandTest {
    private final StringWriter err = new StringWriter();

    @TempDir private Path directory;

    private int serve(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("serve"));
        all.addAll(List.of(arguments));
        String[] array = all.toArray(String[]::new);
        return VarveMain.commandLine(array).setErr(new PrintWriter(err, true)).execute(array);
    }

    @Test
    void badConfigurationIsToldWhole() throws IOException {
        Path file = directory.resolve("varve.conf");
        Files.writeString(file, "pool.copys = 3\nlimits.body = 5 GB\n");
        assertEquals(2, serve("--config", file.toString(), "--http", "nonsense"));
        List<String> lines = err.toString().lines().toList();
        assertEquals("varve: the configuration cannot be used", lines.getFirst());
        assertEquals(4, lines.size(), () -> "" + lines);
        assertTrue(lines.get(1).contains(file + ":1: unknown key pool.copys"), lines.get(1));
    }

    @Test
    void plainLinesNeedNoParser() {
        assertNotNull(ServeCommand.plain(List.of()));
        assertNotNull(ServeCommand.plain(List.of("--data", "d", "--http", "off")));
        for (List<String> other :
                List.of(
                        List.of("--help"),
                        List.of("--data"),
                        List.of("--data=d", "--http=off"),
                        List.of("--data", "--http"),
                        List.of("--data", "a", "--data", "b"),
                        List.of("--prot", "1"),
                        List.of("-h", "x"),
                        List.of("@file", "x"))) {
            assertNull(ServeCommand.plain(other), other::toString);
        }
    }

    /** As the parser has it, the same of both. */
    @Test
    void plainLinesFailAsAnyOther() {
        assertEquals(2, VarveMain.run("serve", "--http", "nonsense"));
        assertEquals(2, serve("--http", "nonsense"));
    }

    @Test
    void unknownOptionShowsTheUsage() {
        assertEquals(2, serve("--prot", "1"));
        assertTrue(err.toString().contains("--https=HOST:PORT"), err.toString());
    }

    @Test
    void addressInUseIsOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = directory.resolve("varve.conf");
            Files.writeString(file, "devices.segmentSize = 1 MiB\nstore.blobSize = 128 KiB\n");
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertEquals(
                    1,
                    serve(
                            "--config",
                            file.toString(),
                            "--data",
                            directory.resolve("data").toString(),
                            "--http",
                            address,
                            "--https",
                            "off"));
            assertOneLine("cannot listen on http (" + address + ")");
        }
    }

    @Test
    void dataDirectoryInUseIsOneLine() throws IOException {
        try (FileChannel lock =
                        FileChannel.open(
                                directory.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock _ = lock.lock()) {
            assertEquals(1, serve("--data", directory.toString(), "--https", "off"));
            assertOneLine("in use");
        }
    }

    @Test
    void dataDirectoryThatIsAFileIsOneLine() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertEquals(1, serve("--data", file.toString(), "--https", "off"));
        assertOneLine(file.toString());
    }

    private void assertOneLine(String part) {
        String text = err.toString();
        assertEquals(1, text.lines().count(), text);
        assertTrue(text.startsWith("varve: cannot serve: "), text);
        assertTrue(text.contains(part), text);
    }
}
