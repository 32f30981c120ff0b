package io.varve.brokers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A cluster of brokers on loopback, each a process of its own that can be killed alone. Not
 * thread-safe, but for {@link #stop}.
 */
public final class BrokerProcesses implements AutoCloseable {
    private static final long STOP_WAIT_SECONDS = 20;
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    private final Path directory;
    private final List<String> javaCommand;
    private final List<Integer> clientPorts;
    private final List<Integer> controllerPorts;
    private final List<Process> processes = new CopyOnWriteArrayList<>();

    /**
     * @param directory each broker has its own in it, with its log
     * @param javaCommand what starts a JVM that has this module on its class path, up to the name
     *     of the main class
     */
    public BrokerProcesses(
            Path directory,
            List<String> javaCommand,
            List<Integer> clientPorts,
            List<Integer> controllerPorts) {
        this.directory = directory;
        this.javaCommand = List.copyOf(javaCommand);
        this.clientPorts = List.copyOf(clientPorts);
        this.controllerPorts = List.copyOf(controllerPorts);
    }

    /** Starts all of them and returns at once; see {@link #awaitOpen}. */
    public void start() {
        for (int node = 1; node <= clientPorts.size(); node++) {
            processes.add(launch(node));
        }
    }

    public String bootstrap() {
        return config(1).bootstrap();
    }

    /** The number of a broker's process. */
    public long pid(int node) {
        return processes.get(node - 1).pid();
    }

    public boolean alive(int node) {
        return processes.get(node - 1).isAlive();
    }

    /** Ends a broker at once, as a power cut of its machine would. */
    public void kill(int node) {
        Process process = processes.get(node - 1);
        process.destroyForcibly();
        awaitEnd(process);
    }

    /** Starts a broker again that has ended. */
    public void restart(int node) {
        if (alive(node)) {
            throw new IllegalStateException("broker is alive: " + node);
        }
        processes.set(node - 1, launch(node));
    }

    /**
     * Returns when all brokers take connections.
     *
     * @return false when that was not so in time, or one of them has ended
     */
    public boolean awaitOpen(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (int node = 1; node <= clientPorts.size(); node++) {
            while (!open(clientPorts.get(node - 1))) {
                if (!alive(node) || System.nanoTime() > deadline) {
                    return false;
                }
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            }
        }
        return true;
    }

    private static boolean open(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private BrokerConfig config(int node) {
        return new BrokerConfig(
                node, directory.resolve("broker-" + node), clientPorts, controllerPorts);
    }

    private Process launch(int node) {
        BrokerConfig config = config(node);
        List<String> command = new ArrayList<>(javaCommand);
        command.add(BrokerMain.class.getName());
        command.add(String.valueOf(node));
        command.add(config.directory().toString());
        command.add(list(clientPorts));
        command.add(list(controllerPorts));
        try {
            Files.createDirectories(config.directory());
            Path log = config.directory().resolve("broker.log");
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("broker cannot be started: " + config, e);
        }
    }

    private static String list(List<Integer> ports) {
        return String.join(",", ports.stream().map(String::valueOf).toList());
    }

    private static void awaitEnd(Process process) {
        try {
            if (!process.waitFor(STOP_WAIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Has all of them end in good order, and waits for it. Any thread may, more than once. */
    public void stop() {
        processes.forEach(Process::destroy);
        processes.forEach(BrokerProcesses::awaitEnd);
    }

    @Override
    public void close() {
        stop();
    }
}
