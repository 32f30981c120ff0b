package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.clients.ServerProcess;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One process of a cluster, which can be killed, stopped where it is, and started again. */
final class NodeProcess implements AutoCloseable {
    private static final long LIMIT_SECONDS = 120;

    private final List<String> arguments;
    private final Path log;
    private final int port;
    private Process process;

    /**
     * @param arguments of {@code varve serve}
     * @param port which it listens on when it is open
     */
    private NodeProcess(List<String> arguments, Path log, int port) throws IOException {
        this.arguments = arguments;
        this.log = log;
        this.port = port;
        this.process = launch();
    }

    /** Starts it, and returns at once. */
    static NodeProcess start(List<String> arguments, Path log, int port) throws IOException {
        return new NodeProcess(arguments, log, port);
    }

    private Process launch() throws IOException {
        List<String> command = ServerProcess.java();
        command.add("-Xmx256m");
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        List<String> ordered = new ArrayList<>();
        // The options before the class path, the class after it.
        ordered.add(command.getFirst());
        ordered.addAll(command.subList(command.size() - 3, command.size()));
        ordered.addAll(command.subList(1, command.size() - 3));
        ordered.add("io.varve.endpoint.cli.VarveMain");
        ordered.add("serve");
        ordered.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(ordered)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("VARVE_ROOT_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        builder.environment().put("VARVE_ROOT_SECRET_KEY", ServerProcess.SECRET_KEY);
        return builder.start();
    }

    int port() {
        return port;
    }

    void awaitOpen() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!open()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("did not start\n" + Files.readString(log));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private boolean open() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** SIGKILL. */
    void kill() throws IOException {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM, and the exit code. */
    int stop() throws IOException {
        process.destroy();
        return await();
    }

    /** After it has ended. */
    void restart() throws IOException {
        process = launch();
    }

    /** Stops it where it is ({@code STOP}), or lets it go on ({@code CONT}). */
    void signal(String name) throws IOException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        kill.onExit().join();
        assertEquals(0, kill.exitValue(), "kill -" + name);
    }

    private int await() throws IOException {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("did not end\n" + Files.readString(log));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    String log() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            kill();
        }
    }
}
