package io.varve.endpoint.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.logs.RotatingFile;
import io.varve.endpoint.server.ListenException;
import io.varve.endpoint.site.SiteException;
import io.varve.endpoint.tls.TlsIdentity;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** All parts of a server together, on small devices and free ports. */
final class VarveServerTest {
    @TempDir private Path directory;

    private VarveConfig config(String more) throws IOException {
        Path file = directory.resolve("varve.conf");
        Files.writeString(
                file,
                """
                data.directory = %s
                http.address = 127.0.0.1:0
                https.address = 127.0.0.1:0
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                shutdown.drain = 1 s
                """
                                .formatted(directory.resolve("data"))
                        + more);
        return VarveConfig.load(file, Map.of());
    }

    private VarveServer start(String more) throws IOException {
        VarveConfig config = config(more);
        Path log = config.dataDirectory().resolve("access.log");
        return VarveServer.start(config, Map.of(), new RotatingFile(log, 1 << 20, 2));
    }

    private static HttpResponse<String> get(HttpClient client, String scheme, int port, String path)
            throws Exception {
        URI uri = URI.create("%s://localhost:%d%s".formatted(scheme, port, path));
        HttpRequest request = HttpRequest.newBuilder(uri).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(VarveServer server, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return get(client, "http", port(server, "http"), path);
        }
    }

    private static int port(VarveServer server, String listener) {
        return server.address(listener).orElseThrow().getPort();
    }

    @Test
    void startsBeforeItsKeystoneAndSaysThatItCannotAskIt() throws Exception {
        String keystone =
                """
                identity.keystone.url = http://127.0.0.1:1
                identity.keystone.publicUrl = https://keystone.example.org/v3
                identity.keystone.password = secret
                """;
        try (VarveServer server = start(keystone);
                HttpClient client = HttpClient.newHttpClient()) {
            URI base = URI.create("http://localhost:" + port(server, "http"));
            HttpResponse<String> identity = get(server, "/v3/auth/tokens");
            assertEquals(404, identity.statusCode());
            assertTrue(
                    identity.body().contains("ask Keystone at https://keystone.example.org/v3"),
                    identity.body());
            HttpRequest swift =
                    HttpRequest.newBuilder(base.resolve("/v1/AUTH_p1"))
                            .header("X-Auth-Token", "token")
                            .build();
            HttpRequest s3 =
                    HttpRequest.newBuilder(base.resolve("/bucket/key"))
                            .header("Authorization", "AWS KEY:c2lnbmF0dXJl")
                            .header(
                                    "x-amz-date",
                                    DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                            ZonedDateTime.now(ZoneOffset.UTC)))
                            .build();
            for (HttpRequest request : List.of(swift, s3)) {
                HttpResponse<String> answer =
                        client.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(503, answer.statusCode(), answer.body());
            }
        }
    }

    @Test
    void refusesAKeystoneWithoutThePasswordForIt() throws IOException {
        VarveConfig config = config("identity.keystone.url = https://keystone.example.org");
        ServeException e =
                assertThrows(ServeException.class, () -> VarveServer.start(config, Map.of(), null));
        String told = String.valueOf(e.getMessage());
        assertTrue(told.contains("VARVE_KEYSTONE_PASSWORD"), told);
    }

    @Test
    void servesProtocolPagesAndMetrics() throws Exception {
        try (VarveServer server = start("")) {
            assertEquals("ready\n", get(server, "/health/ready").body());
            assertEquals("alive\n", get(server, "/health/live").body());
            HttpResponse<String> refused = get(server, "/bucket/key");
            assertEquals(404, refused.statusCode());
            assertTrue(refused.body().contains("<Code>NoSuchBucket</Code>"), refused.body());
            String metrics = get(server, "/metrics").body();
            for (String figure :
                    new String[] {
                        "varve_ready 1.0",
                        "varve_view_lag_records 0.0",
                        "varve_device_up{device=\"8\"} 1.0",
                        "varve_requests_total{operation=\"Health\",protocol=\"admin\","
                                + "status=\"200\"} 2.0",
                        "varve_requests_in_flight 1.0"
                    }) {
                assertTrue(metrics.contains(figure + "\n"), () -> figure + "\n" + metrics);
            }
        }
    }

    @Test
    void servesHttpsWithItsOwnCertificateButNoMetricsThere() throws Exception {
        try (VarveServer server = start("s3.domains = s3.test\n")) {
            TlsIdentity tls = assertNotNull2(server.tls());
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(tls.certificate())).build()) {
                int port = port(server, "https");
                HttpResponse<String> live = get(client, "https", port, "/health/live");
                assertEquals("alive\n", live.body());
                assertEquals(HttpClient.Version.HTTP_1_1, live.version());
                assertEquals(404, get(client, "https", port, "/metrics").statusCode());
            }
        }
    }

    private static TlsIdentity assertNotNull2(@org.jspecify.annotations.Nullable TlsIdentity tls) {
        assertNotNull(tls);
        return tls;
    }

    private static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null);
        store.setCertificateEntry("server", certificate);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void adminAddressServesPagesAndNothingElse() throws Exception {
        try (VarveServer server = start("admin.address = 127.0.0.1:0\nmetrics.onHttp = false\n");
                HttpClient client = HttpClient.newHttpClient()) {
            int admin = port(server, "admin");
            assertEquals(200, get(client, "http", admin, "/metrics").statusCode());
            assertEquals(200, get(client, "http", admin, "/health/ready").statusCode());
            assertEquals(404, get(client, "http", admin, "/bucket").statusCode());
            assertEquals(404, get(server, "/metrics").statusCode());
        }
    }

    @Test
    void keepsIdentityKeysAndCertificateAcrossRestarts() throws Exception {
        String site;
        String secret;
        X509Certificate certificate;
        try (VarveServer server = start("")) {
            site = server.site().id().toString();
            secret = server.root().secretKey();
            certificate = assertNotNull2(server.tls()).certificate();
            assertTrue(server.root().generatedNow());
            assertTrue(server.stop());
        }
        try (VarveServer server = start("")) {
            assertEquals(site, server.site().id().toString());
            assertEquals(secret, server.root().secretKey());
            assertEquals(certificate, assertNotNull2(server.tls()).certificate());
        }
    }

    @Test
    void writesTheAccessLogBeforeItHasStopped() throws Exception {
        try (VarveServer server = start("")) {
            assertEquals(200, get(server, "/health/live").statusCode());
            assertTrue(server.stop());
        }
        String log = Files.readString(directory.resolve("data/access.log"));
        assertTrue(log.contains("admin Health GET \"/health/live\" 200 ok"), log);
    }

    @Test
    void refusesADataDirectoryInUse() throws Exception {
        try (VarveServer server = start("")) {
            assertTrue(server.address("http").isPresent());
            assertThrows(SiteException.class, () -> start(""));
        }
    }

    @Test
    void failedStartLetsGoOfTheDataDirectory() throws Exception {
        try (VarveServer other = start("")) {
            InetSocketAddress taken = other.address("http").orElseThrow();
            String second =
                    "data.directory = %s\n".formatted(directory.resolve("second"))
                            + "http.address = 127.0.0.1:"
                            + taken.getPort();
            Path file = directory.resolve("second.conf");
            Files.writeString(
                    file,
                    second
                            + "\nhttps.address = off\ndevices.segmentSize = 1 MiB\n"
                            + "store.blobSize = 128 KiB\n");
            VarveConfig clash = VarveConfig.load(file, Map.of());
            assertThrows(ListenException.class, () -> VarveServer.start(clash, Map.of(), null));
            Files.writeString(file, Files.readString(file).replace(":" + taken.getPort(), ":0"));
            VarveConfig free = VarveConfig.load(file, Map.of());
            try (VarveServer again = VarveServer.start(free, Map.of(), null)) {
                assertEquals(200, get(again, "/health/ready").statusCode());
            }
        }
    }

    @Test
    void refusesKeysThatAreNoPair() throws Exception {
        VarveConfig config = config("");
        Map<String, String> half = Map.of(RootCredential.ACCESS_KEY_VARIABLE, "only-one");
        assertThrows(ServeException.class, () -> VarveServer.start(config, half, null));
        try (VarveServer server = start("")) {
            assertEquals(200, get(server, "/health/ready").statusCode());
        }
    }
}
