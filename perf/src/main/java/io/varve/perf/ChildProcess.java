package io.varve.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server under measurement, in a process of its own on a loopback port. */
final class ChildProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final InetSocketAddress address;

    private ChildProcess(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /** Starts a Java program with this program's class path and flags, but its own heap. */
    static ChildProcess java(
            int port, Path log, String heap, Map<String, String> environment, String... program)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!flag.startsWith("-Xmx") && !flag.startsWith("-XX:")) {
                command.add(flag);
            }
        }
        command.add("-Xmx" + heap);
        // As bin/varve starts a server: what is compared shall not differ in this.
        command.add("-XX:+UseParallelGC");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(program));
        return start(port, log, environment, command);
    }

    /** Starts a program and waits until its port answers. */
    static ChildProcess start(
            int port, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers(address)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IOException(
                        "did not start: " + command.getLast() + "\n" + Files.readString(log));
            }
        }
        return new ChildProcess(process, address);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** CPU time used so far by the process, all threads, user and kernel; seconds. */
    double cpuSeconds() throws IOException {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        try (BufferedReader reader = Files.newBufferedReader(stat, StandardCharsets.ISO_8859_1)) {
            String line = reader.readLine();
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            // Fields 14 and 15 of proc(5), in clock ticks; Linux shows 100 a second everywhere.
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        }
    }

    private static boolean answers(InetSocketAddress address) throws IOException {
        try (Socket _ = new Socket(address.getAddress(), address.getPort())) {
            return true;
        } catch (ConnectException _) {
            LockSupport.parkNanos(20_000_000);
            return false;
        }
    }

    /** As {@code kill -9} does: the process gets no chance to finish anything. */
    void kill() throws IOException {
        process.destroyForcibly();
        await();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        await();
    }

    private void await() throws IOException {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
