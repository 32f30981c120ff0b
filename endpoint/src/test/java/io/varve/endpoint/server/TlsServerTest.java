package io.varve.endpoint.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.tls.TlsIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The server behind TLS: the same connection, other sockets. */
final class TlsServerTest {
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1");

    /** A first handshake takes its time on a busy machine. */
    private static final HttpLimits QUICK =
            new HttpLimits(1024, 4096, 50, 1 << 20, 100, 2_000, 5_000, 1_000, 1_000, 5_000);

    @TempDir private Path directory;
    private TlsIdentity identity;
    private HttpServer server;

    @BeforeEach
    void start() {
        identity = TlsIdentity.generated(directory, NAMES, List.of(), Clock.systemUTC());
        server = start(HttpLimits.DEFAULT);
    }

    private HttpServer start(HttpLimits limits) {
        HttpListener listener =
                new HttpListener(
                        "https",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        identity.sslContext(),
                        TlsServerTest::echo);
        return HttpServer.start(List.of(listener), limits, ExchangeObserver.NONE);
    }

    private void restart(HttpLimits limits) {
        server.close();
        server = start(limits);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HttpResponse echo(HttpRequest request) throws IOException {
        if (request.rawPath().equals("/refuse")) {
            return HttpResponse.status(403).build();
        }
        return HttpResponse.status(200)
                .header("X-Secure", Boolean.toString(request.secure()))
                .body(request.body().readAllBytes());
    }

    private RawClient connect(X509Certificate trusted) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        store.setCertificateEntry("server", trusted);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket("localhost", server.address("https").getPort());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        return new RawClient(socket);
    }

    private static X509Certificate peer(RawClient client) throws IOException {
        return (X509Certificate)
                ((SSLSocket) client.socket()).getSession().getPeerCertificates()[0];
    }

    @Test
    void servesOverTlsUnderANameOfTheCertificate() throws Exception {
        byte[] body = new byte[700_001];
        new Random(3).nextBytes(body);
        try (RawClient client = connect(identity.certificate())) {
            for (int i = 0; i < 3; i++) {
                client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 700001\r\n\r\n");
                client.send(body);
                RawClient.Response response = client.response();
                assertEquals("true", response.header("x-secure"));
                assertArrayEquals(body, response.body());
            }
            assertEquals("http/1.1", ((SSLSocket) client.socket()).getApplicationProtocol());
        }
    }

    @Test
    void connectionCloseEndsTls() throws Exception {
        try (RawClient client = connect(identity.certificate())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertEquals(200, client.response().status());
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void refusalOfALargeBodyIsRead() throws Exception {
        try (RawClient client = connect(identity.certificate())) {
            client.send("PUT /refuse HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
            client.send(new byte[300_000]);
            assertEquals(403, client.response().status());
        }
    }

    @Test
    void stalledBodyIsAnswered() throws Exception {
        restart(QUICK);
        try (RawClient client = connect(identity.certificate())) {
            client.send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf");
            assertEquals(408, client.response().status());
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void silentConnectionIsClosedAfterTheHandshake() throws Exception {
        restart(QUICK);
        try (RawClient client = connect(identity.certificate())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, client.response().status());
            assertTrue(client.closedByServer());
        }
    }

    @Test
    void handshakeThatStallsIsClosed() throws Exception {
        restart(QUICK);
        try (RawClient silent = new RawClient(server.address("https"));
                RawClient half = new RawClient(server.address("https"))) {
            half.send(new byte[] {0x16, 3, 1, 2, 0, 1});
            assertTrue(half.closedByServer());
            assertTrue(silent.closedByServer());
        }
    }

    @Test
    void plainHttpOnTheTlsPortIsClosed() throws Exception {
        try (RawClient client = new RawClient(server.address("https"))) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            client.rest();
        }
    }

    @Test
    void newConnectionsGetAReplacedCertificateAndOpenOnesGoOn() throws Exception {
        X509Certificate before = identity.certificate();
        try (RawClient old = connect(before)) {
            old.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, old.response().status());
            Path other = directory.resolve("other");
            TlsIdentity.generated(other, NAMES, List.of("other"), Clock.systemUTC());
            for (String file : List.of("key.pem", "certificate.pem")) {
                Files.move(
                        other.resolve(file),
                        directory.resolve(file),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            assertTrue(identity.refresh());
            assertNotEquals(before, identity.certificate());
            try (RawClient fresh = connect(identity.certificate())) {
                fresh.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
                assertEquals(200, fresh.response().status());
                assertEquals(identity.certificate(), peer(fresh));
            }
            old.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, old.response().status());
        }
    }

    @Test
    void stopClosesTlsConnections() throws Exception {
        try (RawClient client = connect(identity.certificate())) {
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            assertEquals(200, client.response().status());
            assertTrue(server.stop(Duration.ofSeconds(5)));
            assertTrue(client.closedByServer());
        }
    }
}
