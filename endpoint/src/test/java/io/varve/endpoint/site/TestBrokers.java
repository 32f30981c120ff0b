package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.brokers.BrokerProcesses;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Brokers as processes of their own, on free ports. */
public final class TestBrokers implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofMinutes(2);

    private final BrokerProcesses processes;
    private final int count;

    private TestBrokers(BrokerProcesses processes, int count) {
        this.processes = processes;
        this.count = count;
    }

    public static TestBrokers start(Path directory, int count) throws IOException {
        List<String> java =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")));
        TestBrokers brokers =
                new TestBrokers(
                        new BrokerProcesses(directory, java, freePorts(count), freePorts(count)),
                        count);
        brokers.processes.start();
        assertTrue(brokers.processes.awaitOpen(START_WAIT), "brokers did not start");
        return brokers;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            sockets.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    String bootstrap() {
        return processes.bootstrap();
    }

    /** What a configuration says of them. */
    public String settings() {
        return """
        journal.kind = kafka
        journal.kafka.bootstrap = %s
        journal.kafka.replicas = %d
        journal.kafka.minInSyncReplicas = %d
        journal.kafka.timeout = 3 s
        """
                .formatted(bootstrap(), count, count / 2 + 1);
    }

    /** So many that what is left is no majority. */
    void killMajority() {
        for (int node = 1; node <= count / 2 + 1; node++) {
            processes.kill(node);
        }
    }

    void kill(int node) {
        processes.kill(node);
    }

    /** Stops a broker's process where it is ({@code STOP}), or lets it go on ({@code CONT}). */
    void signal(int node, String name) throws IOException {
        Process kill =
                new ProcessBuilder("kill", "-" + name, String.valueOf(processes.pid(node))).start();
        kill.onExit().join();
        assertEquals(0, kill.exitValue(), "kill -" + name);
    }

    void restartKilled() {
        for (int node = 1; node <= count; node++) {
            if (!processes.alive(node)) {
                processes.restart(node);
            }
        }
    }

    @Override
    public void close() {
        processes.close();
    }
}
