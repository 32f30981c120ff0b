package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** How a command about the past finds the server and signs for its user. */
final class PitrOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9000",
            description = "Where the server's S3 is, by default http://127.0.0.1:9000.")
    private URI url;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Whom to trust for https, in PEM.")
    private @Nullable Path caFile;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    boolean json() {
        return json;
    }

    int run(ToIntFunction<SignedApi> work) {
        Map<String, String> environment = System.getenv();
        String access = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
        if (access.isEmpty() || secret.isEmpty()) {
            throw CommandFailure.usage(
                    "whose access key? Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        }
        try (SignedApi api = new SignedApi(url, caFile, access, secret)) {
            return work.applyAsInt(api);
        }
    }

    /** A bucket, and what keys in it start with. */
    record Target(String bucket, String prefix) {
        static Target of(String text) {
            String plain = text.startsWith("s3://") ? text.substring(5) : text;
            int slash = plain.indexOf('/');
            return slash < 0
                    ? new Target(plain, "")
                    : new Target(plain.substring(0, slash), plain.substring(slash + 1));
        }
    }

    /** A request about the past that is answered without a document. */
    static void send(
            SignedApi api, String method, String bucket, String what, Map<String, String> query) {
        Map<String, String> all = new TreeMap<>(query);
        all.put("varve-past", what);
        try (InputStream answer = api.send(method, bucket, "", all, Map.of())) {
            answer.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw CommandFailure.failed("the server's answer cannot be read: " + e.getMessage());
        }
    }

    /** One page of a document about the past. */
    static JsonNode page(
            SignedApi api,
            String method,
            Target target,
            String what,
            Map<String, String> parameters,
            @Nullable String after) {
        Map<String, String> query = new TreeMap<>(parameters);
        query.put("varve-past", what);
        query.put("prefix", target.prefix());
        if (after != null) {
            query.put("after", after);
        }
        try (InputStream answer = api.send(method, target.bucket(), "", query, Map.of())) {
            return Json.read(answer.readAllBytes());
        } catch (IOException | JsonException e) {
            throw CommandFailure.failed("the server's answer cannot be read: " + e.getMessage());
        }
    }
}
