package io.varve.perf;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * The canonical requests of {@link S3Requests} in Swift's words, under the same keys, by one token.
 * Single-threaded.
 */
final class SwiftRequests {
    private final String host;
    private final String container;
    private final String token;

    private SwiftRequests(InetSocketAddress endpoint, String container, String token) {
        this.host = endpoint.getHostString() + ":" + endpoint.getPort();
        this.container = container;
        this.token = token;
    }

    /**
     * @param user project and user, with a colon between them
     */
    static SwiftRequests login(
            InetSocketAddress endpoint, String user, String password, String container)
            throws IOException {
        String base = "http://" + endpoint.getHostString() + ":" + endpoint.getPort();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + "/auth/v1.0"))
                        .header("X-Auth-User", user)
                        .header("X-Auth-Key", password)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<Void> answer =
                    client.send(request, HttpResponse.BodyHandlers.discarding());
            String url = answer.headers().firstValue("X-Storage-Url").orElse("");
            String token = answer.headers().firstValue("X-Auth-Token").orElse("");
            if (answer.statusCode() != 200 || url.isEmpty() || token.isEmpty()) {
                throw new IOException("the login was answered with " + answer.statusCode());
            }
            String path = URI.create(url).getRawPath();
            return new SwiftRequests(endpoint, path + "/" + container, token);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** PUTs of one body under the keys firstKey, firstKey + 1, … */
    RequestSource puts(long firstKey, ByteBuffer body) {
        String length = "Content-Length: " + body.remaining() + "\r\n";
        return S3Requests.numbered(201, body, i -> head("PUT", firstKey + i, length));
    }

    /** GETs of keys chosen at random, by seed, among the first {@code count}. */
    RequestSource gets(long count, long seed) {
        Random random = new Random(seed);
        return S3Requests.numbered(200, null, _ -> head("GET", random.nextLong(count), ""));
    }

    private byte[] head(String method, long key, String more) {
        return "%s %s/%s HTTP/1.1\r\nHost: %s\r\nX-Auth-Token: %s\r\n%s\r\n"
                .formatted(method, container, S3Requests.key(key), host, token, more)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
