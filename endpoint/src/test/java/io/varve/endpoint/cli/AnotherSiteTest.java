package io.varve.endpoint.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.identity.Identity;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.remote.Authorities;
import io.varve.endpoint.remote.KeystoneIdentity;
import io.varve.endpoint.remote.KeystoneSettings;
import io.varve.endpoint.remote.RoleMap;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.Proof;
import io.varve.endpoint.s3.Vouching;
import io.varve.endpoint.serve.VarveServer;
import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One site's identity service as the existing Keystone of another, over HTTPS. */
final class AnotherSiteTest {
    @TempDir static Path directory;

    private static VarveServer server;
    private static Path configuration;

    @BeforeAll
    static void start() throws IOException {
        configuration = directory.resolve("varve.conf");
        Files.writeString(
                configuration,
                """
                data.directory = %s
                http.address = off
                https.address = 127.0.0.1:0
                devices.segmentSize = 1 MiB
                store.blobSize = 128 KiB
                devices.lowSpace = 1 MiB
                journal.lowSpace = 1 MiB
                """
                        .formatted(directory.resolve("data")));
        server = VarveServer.start(VarveConfig.load(configuration, Map.of()), Map.of(), null);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String url() {
        return "https://localhost:" + server.address("https").orElseThrow().getPort();
    }

    private static Path certificate() {
        return directory.resolve("data/tls/certificate.pem");
    }

    private static JsonNode varve(String... words) throws JsonException {
        List<String> more = List.of("--json", "--config", configuration.toString(), "--url", url());
        String[] arguments =
                Stream.concat(List.of(words).stream(), more.stream()).toArray(String[]::new);
        CommandRun run = CommandRun.of(arguments);
        assertEquals(0, run.exitCode(), run::output);
        return Json.read(run.output());
    }

    private static KeystoneIdentity open(String password, @Nullable Path caFile) {
        return KeystoneIdentity.open(
                new KeystoneSettings(
                        url() + "/v3",
                        new KeystoneSettings.ServiceUser(
                                "admin", "Default", password, "admin", "Default"),
                        caFile,
                        Duration.ofSeconds(20),
                        Duration.ofMinutes(5),
                        Duration.ZERO,
                        10,
                        new RoleMap(Set.of("admin"), Set.of(), Set.of("member"), Set.of())));
    }

    private static String token(String user, String password) throws Exception {
        IdentityLogin login =
                new IdentityLogin(
                        url() + "/v3", user, "Default", password, "violet", "Default", null);
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(Authorities.of(certificate())).build()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(login.url() + "/auth/tokens"))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(login.document()))
                            .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("X-Subject-Token")
                    .orElseThrow();
        }
    }

    private record Signed(String accessKey, String signature) implements Proof {
        private static final String TEXT = "GET\n\n\nFri, 02 Jan 2026 03:04:05 GMT\n/bucket/";

        @Override
        public List<String> stringsToSign() {
            return List.of(TEXT);
        }

        @Override
        public boolean madeWith(String secretKey) {
            return sign(secretKey).equals(signature);
        }

        static String sign(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA1");
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
                return Base64.getEncoder()
                        .encodeToString(mac.doFinal(TEXT.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void tellsAnotherSiteOfTokensAndKeys() throws Exception {
        String project = varve("project", "add", "violet").path("id").asText();
        JsonNode vera = varve("user", "add", "vera", "--project", "violet");
        JsonNode key = varve("credential", "create", "vera", "violet");
        String access = key.path("access").asText();
        String secret = key.path("secret").asText();
        try (KeystoneIdentity there = open(server.root().secretKey(), certificate())) {
            String token = token("vera", vera.path("password").asText());
            Identity identity = there.tokens().identify(token).orElseThrow();
            assertEquals("vera", identity.user().name());
            assertEquals(project, identity.project() == null ? "" : identity.project().id());
            assertEquals(Set.of("member"), identity.roles());
            assertTrue(there.tokens().identify(token + "A").isEmpty());

            Vouching wrong = there.credentials().vouch(new Signed(access, Signed.sign("guess")));
            assertInstanceOf(Vouching.WrongSignature.class, wrong);
            Vouching right = there.credentials().vouch(new Signed(access, Signed.sign(secret)));
            Credential credential = assertInstanceOf(Vouching.Vouched.class, right).credential();
            assertEquals(secret, credential.secretKey());
            assertEquals(project, credential.account());
            assertEquals(new Credential.Names("violet", "vera"), credential.names());
            assertEquals("violet", there.names().of(project).orElseThrow());
        }
    }

    @Test
    void asksNobodyWhoseCertificateItDoesNotKnow() {
        try (KeystoneIdentity there = open(server.root().secretKey(), null)) {
            StoreException e =
                    assertThrows(StoreException.class, () -> there.tokens().identify("some-token"));
            assertTrue(String.valueOf(e.getMessage()).contains("SSL"), e::getMessage);
        }
    }
}
