package io.varve.endpoint.site;

import io.varve.endpoint.clients.ServerProcess;
import io.varve.endpoint.s3.Credential;
import io.varve.endpoint.s3.TestSigner;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** As much of an S3 client as the tests of a whole server need. Safe for use by many threads. */
final class S3HttpClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final String PAYLOAD = "UNSIGNED-PAYLOAD";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TestSigner signer =
            new TestSigner(
                    new Credential(
                            ServerProcess.ACCESS_KEY, ServerProcess.SECRET_KEY, "root", "root"),
                    "us-east-1");
    private final int port;
    private final Duration timeout;

    S3HttpClient(int port) {
        this(port, TIMEOUT);
    }

    S3HttpClient(int port, Duration timeout) {
        this.timeout = timeout;
        this.port = port;
    }

    /**
     * @param target path and query in canonical form
     * @throws IOException when there is no answer: whether it was carried out is unknown
     */
    HttpResponse<byte[]> send(
            String method, String target, Map<String, String> headers, byte[] body)
            throws IOException {
        Instant now = Instant.now();
        TreeMap<String, String> signed = new TreeMap<>(headers);
        signed.put("x-amz-content-sha256", PAYLOAD);
        signed.put("x-amz-date", TestSigner.basic(now));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                        .timeout(timeout)
                        .method(
                                method,
                                body.length == 0 && !method.equals("PUT")
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body));
        signed.forEach(request::header);
        signed.put("host", "127.0.0.1:" + port);
        request.header("authorization", signer.authorization(method, target, signed, PAYLOAD, now));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    HttpResponse<byte[]> get(String target) throws IOException {
        return send("GET", target, Map.of(), new byte[0]);
    }

    HttpResponse<byte[]> put(String target, byte[] body) throws IOException {
        return send("PUT", target, Map.of(), body);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
