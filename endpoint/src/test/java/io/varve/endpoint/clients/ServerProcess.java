package io.varve.endpoint.clients;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** {@code varve serve} as a child process on a loopback port, as a user starts it. */
public final class ServerProcess implements AutoCloseable {
    public static final String ACCESS_KEY = "VARVETESTKEY";
    public static final String SECRET_KEY = "varve/test+secret";

    private static final long START_LIMIT_SECONDS = 120;
    private static final long STOP_LIMIT_SECONDS = 60;

    private final Process process;
    private final int port;
    private final int httpsPort;
    private final Path data;
    private final Path log;

    private ServerProcess(Process process, int port, int httpsPort, Path data, Path log) {
        this.process = process;
        this.port = port;
        this.httpsPort = httpsPort;
        this.data = data;
        this.log = log;
    }

    /** Starts on a data directory, new or left by an earlier one, and waits until it is ready. */
    public static ServerProcess start(Path data, Path log, String... moreArguments)
            throws IOException {
        int port = freePort();
        int httpsPort = freePort();
        List<String> command = java();
        command.addAll(
                List.of(
                        "io.varve.endpoint.cli.VarveMain",
                        "serve",
                        "--data",
                        data.toString(),
                        "--http",
                        "127.0.0.1:" + port,
                        "--https",
                        "127.0.0.1:" + httpsPort));
        command.addAll(List.of(moreArguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("VARVE_ROOT_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("VARVE_ROOT_SECRET_KEY", SECRET_KEY);
        ServerProcess server = new ServerProcess(builder.start(), port, httpsPort, data, log);
        server.awaitAnswer();
        return server;
    }

    /** What starts a JVM like this one, up to the name of the main class. */
    public static List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xmx") && !flag.startsWith("-javaagent")) {
                command.add(flag);
            }
        }
        command.add("-Xmx512m");
        command.add("-cp");
        // Surefire's own class path is one jar that only points to the real one.
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        return command;
    }

    public int port() {
        return port;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** By name, as a certificate is checked. */
    public String httpsEndpoint() {
        return "https://localhost:" + httpsPort;
    }

    /** The certificate that the server made for itself. */
    public Path certificate() {
        return data.resolve("tls/certificate.pem");
    }

    public Path log() {
        return log;
    }

    /** SIGKILL, as a crash: nothing of the process runs any more when this returns. */
    public void kill() throws IOException {
        process.destroyForcibly();
        await();
    }

    /** SIGTERM, and the exit code. */
    public int stop() throws IOException {
        process.destroy();
        return await();
    }

    private int await() throws IOException {
        try {
            if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("did not stop\n" + Files.readString(log));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException("did not start\n" + Files.readString(log));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private boolean answers() throws IOException {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (ConnectException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        if (process.isAlive()) {
            kill();
        }
    }
}
