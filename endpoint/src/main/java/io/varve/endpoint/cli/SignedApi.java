package io.varve.endpoint.cli;

import io.varve.endpoint.identity.IdentityException;
import io.varve.endpoint.remote.Authorities;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The running server's S3, for one command, with requests that have no body. Single-threaded. */
final class SignedApi implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final String REGION = "us-east-1";
    private static final String NO_BODY =
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final URI server;
    private final String accessKey;
    private final String secretKey;
    private final HttpClient http;

    SignedApi(URI server, @Nullable Path caFile, String accessKey, String secretKey) {
        this.server = server;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(30));
        try {
            if (caFile != null) {
                builder.sslContext(Authorities.of(caFile));
            }
        } catch (IdentityException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
        }
        this.http = builder.build();
    }

    /**
     * @param headers sent besides, not signed
     * @return an answer of success
     * @throws CommandFailure when it is none
     */
    InputStream send(
            String method,
            String bucket,
            String key,
            Map<String, String> query,
            Map<String, String> headers) {
        String path = "/" + encoded(bucket) + (key.isEmpty() ? "" : "/" + encodedKey(key));
        StringBuilder parameters = new StringBuilder();
        new TreeMap<>(query)
                .forEach(
                        (name, value) ->
                                parameters
                                        .append(parameters.isEmpty() ? "" : "&")
                                        .append(encoded(name))
                                        .append('=')
                                        .append(encoded(value)));
        String target = path + (parameters.isEmpty() ? "" : "?" + parameters);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base() + target))
                        .timeout(TIMEOUT)
                        .method(method, HttpRequest.BodyPublishers.noBody());
        headers.forEach(request::header);
        sign(request, method, path, parameters.toString());
        try {
            HttpResponse<InputStream> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() / 100 != 2) {
                throw refused(answer);
            }
            return answer.body();
        } catch (IOException e) {
            throw CommandFailure.failed("no answer from " + base() + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        }
    }

    /** Makes a bucket for the caller. */
    void createBucket(String bucket) {
        try (InputStream made = send("PUT", bucket, "", Map.of(), Map.of())) {
            made.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw CommandFailure.failed("the server's answer cannot be read: " + e.getMessage());
        }
    }

    private String base() {
        String text = server.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    private static CommandFailure refused(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            String text = new String(body.readNBytes(64 << 10), StandardCharsets.UTF_8);
            String message = element(text, "Message");
            String code = element(text, "Code");
            return CommandFailure.failed(
                    message.isEmpty()
                            ? "the server answered " + answer.statusCode()
                            : "%s: %s (%d)".formatted(code, message, answer.statusCode()));
        }
    }

    private static String element(String xml, String name) {
        int start = xml.indexOf("<" + name + ">");
        int end = xml.indexOf("</" + name + ">");
        return start < 0 || end < start ? "" : xml.substring(start + name.length() + 2, end);
    }

    /** Signature Version 4 over the host and the date. */
    private void sign(HttpRequest.Builder request, String method, String path, String query) {
        String date = DATE.format(Instant.now());
        String day = date.substring(0, 8);
        String host = server.getPort() < 0 ? server.getHost() : server.getAuthority();
        String signed = "host;x-amz-content-sha256;x-amz-date";
        String canonical =
                String.join(
                        "\n",
                        method,
                        path,
                        query,
                        "host:" + host,
                        "x-amz-content-sha256:" + NO_BODY,
                        "x-amz-date:" + date,
                        "",
                        signed,
                        NO_BODY);
        String scope = day + "/" + REGION + "/s3/aws4_request";
        try {
            String hash = hex(MessageDigest.getInstance("SHA-256").digest(utf8(canonical)));
            String claim = String.join("\n", "AWS4-HMAC-SHA256", date, scope, hash);
            byte[] signing = utf8("AWS4" + secretKey);
            for (String part : new String[] {day, REGION, "s3", "aws4_request"}) {
                signing = mac(signing, part);
            }
            request.header("x-amz-date", date)
                    .header("x-amz-content-sha256", NO_BODY)
                    .header(
                            "Authorization",
                            "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                                    .formatted(accessKey, scope, signed, hex(mac(signing, claim))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has these", e);
        }
    }

    private static byte[] mac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(utf8(text));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encodedKey(String key) {
        return encoded(key).replace("%2F", "/");
    }

    /** As a signature wants it: all but letters, digits and {@code -._~}. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    @Override
    public void close() {
        http.close();
    }
}
