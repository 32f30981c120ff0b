package io.varve.endpoint.site;

import io.varve.endpoint.identity.ClusterSecret;
import io.varve.endpoint.tls.ClusterAuthority;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Brokers, three storage hosts and two endpoints, each a process of its own on this machine. */
public final class TestCluster implements AutoCloseable {
    static final int STORAGE_HOSTS = 3;
    static final int ENDPOINTS = 2;

    final TestBrokers brokers;
    final List<NodeProcess> storage = new ArrayList<>();
    final List<NodeProcess> endpoints = new ArrayList<>();
    private final Path directory;
    private final Path authority;

    private TestCluster(Path directory, TestBrokers brokers) {
        this.directory = directory;
        this.brokers = brokers;
        this.authority = directory.resolve("authority");
    }

    public static TestCluster start(Path directory, int brokerCount) throws IOException {
        TestCluster cluster =
                new TestCluster(
                        directory, TestBrokers.start(directory.resolve("brokers"), brokerCount));
        try {
            cluster.start();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void start() throws IOException {
        Files.createDirectories(authority);
        ClusterAuthority.create(authority, Instant.now());
        Files.writeString(authority.resolve("secret"), ClusterSecret.fresh());
        ClusterAuthority.issue(authority, List.of("127.0.0.1", "localhost"), Instant.now());
        StringBuilder devices = new StringBuilder();
        for (int host = 0; host < STORAGE_HOSTS; host++) {
            int port = freePort();
            devices.append(
                    "device.%d = host=host%1$d class=ssd storage=127.0.0.1:%d path=d%1$d%n"
                            .formatted(host, port));
            storage.add(
                    node(
                            "storage-" + host,
                            port,
                            """
                            roles = storage
                            storage.address = 127.0.0.1:%d
                            """
                                    .formatted(port)));
        }
        for (NodeProcess each : storage) {
            each.awaitOpen();
        }
        for (int number = 0; number < ENDPOINTS; number++) {
            int port = freePort();
            endpoints.add(
                    node(
                            "endpoint-" + number,
                            port,
                            """
                            roles = endpoint, view
                            http.address = 127.0.0.1:%d
                            https.address = off
                            shutdown.notice = 2 s
                            devices.segmentSize = 4 MiB
                            devices.lowSpace = 0 B
                            store.blobSize = 64 KiB
                            """
                                            .formatted(port)
                                    + brokers.settings()
                                    + devices));
            // The first one founds the site.
            endpoints.getLast().awaitOpen();
        }
    }

    private NodeProcess node(String name, int port, String settings) throws IOException {
        Path data = directory.resolve(name);
        Files.createDirectories(data);
        Path config = directory.resolve(name + ".conf");
        Files.writeString(
                config,
                settings
                        + """
                        log.access = off
                        cluster.tls.certificate = %s
                        cluster.tls.key = %s
                        cluster.tls.authority = %s
                        cluster.secret = %s
                        """
                                .formatted(
                                        authority.resolve("127.0.0.1.pem"),
                                        authority.resolve("127.0.0.1-key.pem"),
                                        authority.resolve(ClusterAuthority.CERTIFICATE_FILE),
                                        authority.resolve("secret")));
        return NodeProcess.start(
                List.of("--config", config.toString(), "--data", data.toString()),
                directory.resolve(name + ".log"),
                port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where one of the endpoints is served. */
    public String endpoint(int number) {
        return "http://127.0.0.1:" + endpoints.get(number).port();
    }

    /** What one of the endpoints logs. */
    public Path log(int number) {
        return directory.resolve("endpoint-" + number + ".log");
    }

    /** The ends of all logs, for the message of a failure. */
    String logs() {
        StringBuilder logs = new StringBuilder();
        endpoints.forEach(each -> logs.append("\n== endpoint\n").append(each.log()));
        storage.forEach(each -> logs.append("\n== storage host\n").append(each.log()));
        return logs.toString();
    }

    @Override
    public void close() throws IOException {
        for (NodeProcess each : endpoints) {
            each.close();
        }
        for (NodeProcess each : storage) {
            each.close();
        }
        brokers.close();
    }
}
