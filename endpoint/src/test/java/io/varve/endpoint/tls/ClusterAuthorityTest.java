package io.varve.endpoint.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

final class ClusterAuthorityTest {
    @TempDir private Path directory;

    private SSLContext host(Path authority, String name) {
        return ClusterAuthority.context(
                authority.resolve(name + ".pem"),
                authority.resolve(name + "-key.pem"),
                authority.resolve(ClusterAuthority.CERTIFICATE_FILE));
    }

    private Path authority(String name, String... hosts) throws IOException {
        Path made = Files.createDirectory(directory.resolve(name));
        ClusterAuthority.create(made, Instant.now());
        for (String host : hosts) {
            ClusterAuthority.issue(made, List.of(host, "localhost"), Instant.now());
        }
        return made;
    }

    /** A byte from the host to the caller, when both take the other's certificate. */
    private static int talk(SSLContext host, SSLContext caller, String name) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (SSLServerSocket listener =
                (SSLServerSocket)
                        host.getServerSocketFactory().createServerSocket(0, 1, loopback)) {
            listener.setNeedClientAuth(true);
            CompletableFuture<Void> answer =
                    CompletableFuture.runAsync(
                            () -> {
                                try (SSLSocket accepted = (SSLSocket) listener.accept()) {
                                    accepted.getOutputStream().write(7);
                                } catch (IOException _) {
                                    // The caller finds out.
                                }
                            });
            try (SSLSocket socket =
                    (SSLSocket)
                            caller.getSocketFactory().createSocket(name, listener.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                return socket.getInputStream().read();
            } finally {
                answer.join();
            }
        }
    }

    @Test
    void hostsOfOneClusterKnowEachOther() throws IOException {
        Path cluster = authority("cluster", "127.0.0.1", "node2");
        assertEquals(7, talk(host(cluster, "127.0.0.1"), host(cluster, "node2"), "127.0.0.1"));
        assertEquals(7, talk(host(cluster, "node2"), host(cluster, "127.0.0.1"), "localhost"));
    }

    @Test
    void aHostThatIsAnotherOneIsRefused() throws IOException {
        Path cluster = authority("cluster", "127.0.0.1", "node2");
        assertThrows(
                IOException.class,
                () -> talk(host(cluster, "node2"), host(cluster, "127.0.0.1"), "127.0.0.1"));
    }

    @Test
    void aHostOfAnotherClusterIsRefusedOnBothSides() throws IOException {
        SSLContext one = host(authority("one", "127.0.0.1"), "127.0.0.1");
        SSLContext other = host(authority("other", "127.0.0.1"), "127.0.0.1");
        assertThrows(IOException.class, () -> talk(one, other, "127.0.0.1"));
        SSLContext credulous =
                ClusterAuthority.context(
                        directory.resolve("other/127.0.0.1.pem"),
                        directory.resolve("other/127.0.0.1-key.pem"),
                        directory.resolve("one").resolve(ClusterAuthority.CERTIFICATE_FILE));
        assertThrows(IOException.class, () -> talk(one, credulous, "127.0.0.1"));
    }

    @Test
    void keysAreTheirOwnersAndAnAuthorityIsMadeOnce() throws IOException {
        Path cluster = authority("cluster", "node1");
        for (String key : List.of(ClusterAuthority.KEY_FILE, "node1-key.pem")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(cluster.resolve(key))));
        }
        assertThrows(TlsException.class, () -> ClusterAuthority.create(cluster, Instant.now()));
    }
}
