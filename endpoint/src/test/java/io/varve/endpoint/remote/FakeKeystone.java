package io.varve.endpoint.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** As much of Keystone as a site asks it, that can be made to fail. Owned by one test. */
final class FakeKeystone implements AutoCloseable {
    static final String PASSWORD = "service's password";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> tokens = new ConcurrentHashMap<>();
    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final Set<String> serviceTokens = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    /** What all questions but logins are answered with; 0 for the truth. */
    volatile int status;

    /** What logins are answered with; 0 for the truth. */
    volatile int loginStatus;

    /** What questions for secrets are answered with; 0 for the truth. */
    volatile int secretStatus;

    /** Sent in place of every document; null for the truth. */
    volatile byte @Nullable [] document;

    /** Questions wait for it. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    private volatile Instant serviceExpiry = Instant.MAX;

    private record Key(String secret, byte[] document, String userId) {}

    private record Answer(int status, byte[] body) {}

    FakeKeystone() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v3/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v3";
    }

    static byte[] document(String user, String project, Instant expiresAt, String... roles) {
        ObjectNode document = Json.object();
        ObjectNode token = document.putObject("token").put("expires_at", expiresAt.toString());
        token.putObject("user")
                .put("id", user)
                .put("name", user + "-name")
                .putObject("domain")
                .put("id", "default");
        if (!project.isEmpty()) {
            token.putObject("project")
                    .put("id", project)
                    .put("name", project + "-name")
                    .putObject("domain")
                    .put("id", "default");
        }
        for (String role : roles) {
            token.withArray("roles").addObject().put("name", role);
        }
        return Json.write(document);
    }

    void token(String text, byte[] answer) {
        tokens.put(text, answer);
    }

    void revoke(String token) {
        tokens.remove(token);
    }

    void key(String access, String secret, String user, Instant expiresAt) {
        keys.put(access, new Key(secret, document(user, "p1", expiresAt, "member"), user));
    }

    void removeKey(String access) {
        keys.remove(access);
    }

    void disable(String access) {
        keys.computeIfPresent(access, (_, key) -> new Key("\0", key.document(), key.userId()));
    }

    void endServiceTokens() {
        serviceTokens.clear();
    }

    void serviceTokensExpireAt(Instant at) {
        serviceExpiry = at;
    }

    /** Method and path of each question since the last call; not those about its own token. */
    List<String> asked() {
        List<String> all = new ArrayList<>();
        for (String one = asked.poll(); one != null; one = asked.poll()) {
            all.add(one);
        }
        return all;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath().substring("/v3".length());
            String question = exchange.getRequestMethod() + " " + path;
            Answer answer =
                    question.equals("POST /auth/tokens")
                            ? logIn(exchange, body)
                            : answer(exchange, question, body);
            byte[] told = document;
            byte[] bytes = told == null ? answer.body() : told;
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer logIn(HttpExchange exchange, byte[] body) {
        asked.add("login");
        JsonNode user = read(body).at("/auth/identity/password/user");
        if (loginStatus != 0 || !user.path("password").asText().equals(PASSWORD)) {
            return new Answer(loginStatus == 0 ? 401 : loginStatus, new byte[0]);
        }
        String token = "service-" + System.nanoTime();
        serviceTokens.add(token);
        exchange.getResponseHeaders().add("X-Subject-Token", token);
        return new Answer(201, document("varve", "service", serviceExpiry, "service"));
    }

    private Answer answer(HttpExchange exchange, String question, byte[] body) {
        String own = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        String subject = exchange.getRequestHeaders().getFirst("X-Subject-Token");
        boolean aboutItself = own != null && own.equals(subject);
        if (!aboutItself) {
            asked.add(question);
            await();
        }
        if (own == null || !serviceTokens.contains(own)) {
            return new Answer(401, new byte[0]);
        }
        if (aboutItself) {
            return new Answer(200, document("varve", "service", serviceExpiry, "service"));
        }
        if (status != 0) {
            exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
            return new Answer(status, new byte[0]);
        }
        if (question.equals("GET /auth/tokens")) {
            byte[] found = subject == null ? null : tokens.get(subject);
            return found == null ? new Answer(404, new byte[0]) : new Answer(200, found);
        }
        return question.equals("POST /s3tokens") ? checked(body) : secret(question);
    }

    private void await() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer checked(byte[] body) {
        JsonNode credentials = read(body).path("credentials");
        Key key = keys.get(credentials.path("access").asText());
        if (key == null) {
            return new Answer(404, new byte[0]);
        }
        byte[] text = Base64.getUrlDecoder().decode(credentials.path("token").asText());
        String right = sign(key.secret(), new String(text, StandardCharsets.UTF_8));
        return right.equals(credentials.path("signature").asText())
                ? new Answer(200, key.document())
                : new Answer(401, new byte[0]);
    }

    private Answer secret(String question) {
        if (secretStatus != 0) {
            return new Answer(secretStatus, new byte[0]);
        }
        for (Map.Entry<String, Key> entry : keys.entrySet()) {
            String path =
                    "GET /users/"
                            + entry.getValue().userId()
                            + "/credentials/OS-EC2/"
                            + entry.getKey();
            if (question.equals(path)) {
                ObjectNode answer = Json.object();
                answer.putObject("credential")
                        .put("access", entry.getKey())
                        .put("secret", entry.getValue().secret());
                return new Answer(200, Json.write(answer));
            }
        }
        return new Answer(404, new byte[0]);
    }

    private static JsonNode read(byte[] body) {
        try {
            return Json.read(body);
        } catch (JsonException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    /** As Signature Version 2 does. */
    static String sign(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.close();
    }
}
