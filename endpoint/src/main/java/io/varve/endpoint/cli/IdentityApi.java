package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.identity.IdentityException;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.remote.Authorities;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The running server's identity service, for one command, and what else takes its tokens.
 * Single-threaded.
 */
final class IdentityApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ANSWER_BYTES_MAX = 64 << 20;

    private final IdentityLogin login;
    private final HttpClient http;
    private final String token;

    /**
     * @throws CommandFailure when it cannot be reached or refuses the login
     */
    IdentityApi(IdentityLogin login) {
        this.login = login;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(TIMEOUT)
                        .followRedirects(HttpClient.Redirect.NEVER);
        Path caFile = login.caFile();
        try {
            if (caFile != null) {
                builder.sslContext(Authorities.of(caFile));
            }
        } catch (IdentityException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        this.http = builder.build();
        HttpResponse<byte[]> answer =
                exchange("POST", "/auth/tokens?nocatalog", "", login.document());
        if (answer.statusCode() != 201) {
            throw CommandFailure.failed(
                    "the login of %s at %s is refused: %s"
                            .formatted(login.user(), login.url(), reason(answer)));
        }
        this.token = answer.headers().firstValue("X-Subject-Token").orElse("");
    }

    JsonNode get(String path) {
        return document(succeed(exchange("GET", path, token, null)));
    }

    /** Null when there is no such thing. */
    @Nullable JsonNode find(String path) {
        HttpResponse<byte[]> answer = exchange("GET", path, token, null);
        return answer.statusCode() == 404 ? null : document(succeed(answer));
    }

    /**
     * @param method one that makes or changes something
     * @param body null for none
     */
    JsonNode send(String method, String path, @Nullable JsonNode body) {
        byte[] bytes = body == null ? null : Json.write(body);
        return document(succeed(exchange(method, path, token, bytes)));
    }

    /**
     * Asks the server for something beside the identity service.
     *
     * @param base where it is, without a slash at its end
     * @param body null for none
     */
    JsonNode sendTo(String base, String method, String path, @Nullable JsonNode body) {
        byte[] bytes = body == null ? null : Json.write(body);
        return document(succeed(exchangeWith(base, method, path, token, bytes)));
    }

    private HttpResponse<byte[]> succeed(HttpResponse<byte[]> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw CommandFailure.failed(reason(answer));
        }
        return answer;
    }

    private static JsonNode document(HttpResponse<byte[]> answer) {
        try {
            return answer.body().length == 0 ? Json.object() : Json.read(answer.body());
        } catch (JsonException e) {
            throw CommandFailure.failed("the server's answer is not JSON: " + e.getMessage());
        }
    }

    private static String reason(HttpResponse<byte[]> answer) {
        String message = "";
        try {
            message = Json.read(answer.body()).at("/error/message").asText();
        } catch (JsonException _) {
            // Not from the identity service; the status has to do.
        }
        return message.isEmpty()
                ? "the server answered " + answer.statusCode()
                : "%s (%d)".formatted(message, answer.statusCode());
    }

    private HttpResponse<byte[]> exchange(
            String method, String path, String asToken, byte @Nullable [] body) {
        return exchangeWith(login.url(), method, path, asToken, body);
    }

    private HttpResponse<byte[]> exchangeWith(
            String base, String method, String path, String asToken, byte @Nullable [] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(TIMEOUT)
                        .header("Accept", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!asToken.isEmpty()) {
            request.header("X-Auth-Token", asToken);
        }
        try {
            return http.send(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        } catch (IOException e) {
            throw CommandFailure.failed(
                    "the server cannot be reached at %s: %s (--url says where it is)"
                            .formatted(base, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        }
    }

    /** For a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
