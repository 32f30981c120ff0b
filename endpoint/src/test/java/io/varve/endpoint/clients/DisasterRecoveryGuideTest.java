package io.varve.endpoint.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.varve.endpoint.cli.CommandRun;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code docs/operations/disaster-recovery.md}: every command that stands there is run as it is
 * written, in its order, against two servers in processes of their own. Ports are others than
 * there, and the token is the one that was made.
 */
@Tag("slow")
final class DisasterRecoveryGuideTest {
    private static final Path PAGE = Path.of("../docs/operations/disaster-recovery.md");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(120);
    private static final List<String> PORTS = List.of("9100", "9143", "9200", "9243");

    @TempDir Path directory;
    private final Map<String, Process> servers = new HashMap<>();
    private final Map<String, String> serving = new HashMap<>();
    private final Map<String, String> ports = new HashMap<>();
    private Deque<String> commands = new ArrayDeque<>();
    private String token = "";

    @BeforeEach
    void read() throws IOException {
        boolean code = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (code && line.startsWith("varve ")) {
                commands.add(line);
            }
        }
        List<ServerSocket> open = new ArrayList<>();
        for (String port : PORTS) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            open.add(socket);
            ports.put(port, Integer.toString(socket.getLocalPort()));
        }
        for (ServerSocket socket : open) {
            socket.close();
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process server : servers.values()) {
            server.destroyForcibly().waitFor();
        }
    }

    /** Eight servers are started one after the other: too long for a short run. */
    @Test
    void eachCommandWorksAsWritten() throws Exception {
        assumeTrue(Integer.getInteger("varve.slow.percent", 100) >= 50);
        serve("varve serve --data one");
        token = next("varve dr token");
        next("varve tls ca");
        next("varve dr attach");
        serve("varve serve --data two");
        awaitCaughtUp("two");
        assertTrue(next("varve dr status").contains("standby, read-only"));
        assertTrue(next("varve dr limit").contains("20000000 bytes/s"));
        assertTrue(next("varve dr verify").contains("the standby is what its primary is"));
        assertTrue(next("varve dr verify --deep").contains("the standby is what its primary is"));
        assertTrue(next("varve dr promote --data two").contains("this site leads"));
        awaitCaughtUp("one");
        run("varve dr promote --data one --url http://127.0.0.1:9100");
        awaitCaughtUp("two");

        // The primary has something that the standby has not, and is lost.
        kill("two");
        run("varve user add only-here --data one --url http://127.0.0.1:9100");
        kill("one");
        again("two");
        assertTrue(next("varve dr promote --force --data two").contains("this site leads"));
        again("one");
        awaitCaughtUp("one");
        assertTrue(next("varve dr divergence --data one").contains("only-here"));

        // Started alone, it takes no changes.
        run("varve dr promote --data one --url http://127.0.0.1:9100");
        awaitCaughtUp("two");
        kill("two");
        kill("one");
        again("one");
        assertTrue(next("varve dr promote --force --data one").contains("this site leads"));
        again("two");
        awaitCaughtUp("two");
        String merged = next("varve dr divergence merge");
        assertTrue(merged.contains("merged"), merged);
        assertTrue(
                run("varve user ls --data one --url http://127.0.0.1:9100").contains("only-here"));
        awaitCaughtUp("two");
        assertTrue(next("varve dr drill").endsWith("passed"));
        assertEquals(List.of(), List.copyOf(commands), "these commands are not run");
    }

    /** Runs the next command of the page, which has to be this one. */
    private String next(String beginning) throws IOException {
        return run(taken(beginning));
    }

    private String taken(String beginning) {
        String command = commands.removeFirst();
        assertTrue(command.startsWith(beginning), command);
        return command;
    }

    private void serve(String beginning) throws IOException {
        String command = taken(beginning);
        String site = command.split(" ", -1)[3];
        serving.put(site, command);
        again(site);
    }

    private void again(String site) throws IOException {
        Path log = directory.resolve(site + ".log");
        servers.put(
                site,
                process(serving.getOrDefault(site, ""))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start());
        await(site + " answers", () -> status(site).exitCode() == 0);
    }

    private void kill(String site) throws InterruptedException {
        Process server = servers.remove(site);
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    private void awaitCaughtUp(String standby) throws IOException {
        await(
                standby + " follows and has everything",
                () -> {
                    String status = status(standby).output();
                    return status.contains("standby, read-only")
                            && status.contains("primary        answers")
                            && status.contains("0 records, 0 bytes");
                });
    }

    private Run status(String site) throws IOException {
        String port = site.equals("one") ? "9100" : "9200";
        return finished("varve dr status --data " + site + " --url http://127.0.0.1:" + port);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private void await(String what, Condition condition) throws IOException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "%s: not in time%n%s%n%s".formatted(what, status("one"), status("two")));
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    private record Run(int exitCode, String output) {}

    private String run(String command) throws IOException {
        Run run = finished(command);
        assertEquals(0, run.exitCode(), command + "\n" + run.output());
        return run.output();
    }

    private Run finished(String command) throws IOException {
        int redirected = command.indexOf(" > ");
        String bare = redirected < 0 ? command : command.substring(0, redirected);
        CommandRun run = CommandRun.of(words(bare).toArray(String[]::new));
        if (redirected >= 0) {
            Files.writeString(directory.resolve(command.substring(redirected + 3)), run.output());
        }
        return new Run(run.exitCode(), run.output().strip());
    }

    /** What follows {@code varve}, with paths that are relative to where the user is. */
    private List<String> words(String command) {
        List<String> words = new ArrayList<>();
        for (String word : command.substring("varve ".length()).split(" ", -1)) {
            boolean path = !words.isEmpty() && List.of("--data", "--ca").contains(words.getLast());
            words.add(path ? directory.resolve(word).toString() : here(word));
        }
        return words;
    }

    /** A server, as {@code bin/varve} starts it. */
    private ProcessBuilder process(String command) {
        List<String> words = new ArrayList<>();
        words.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-D"))
                .forEach(words::add);
        words.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        "io.varve.endpoint.cli.VarveMain"));
        words.addAll(words(command));
        return new ProcessBuilder(words);
    }

    private String here(String word) {
        if (word.equals("vr1...")) {
            return token;
        }
        String mine = word;
        for (Map.Entry<String, String> port : ports.entrySet()) {
            mine = mine.replace("127.0.0.1:" + port.getKey(), "127.0.0.1:" + port.getValue());
        }
        return mine;
    }
}
