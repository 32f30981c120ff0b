package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.dr.replica.BlobAnswer;
import io.varve.dr.replica.BlobAnswers;
import io.varve.dr.replica.MergeItemsCodec;
import io.varve.dr.replica.MergeState;
import io.varve.dr.replica.PeerReport;
import io.varve.dr.replica.Primary;
import io.varve.dr.replica.RecordBatch;
import io.varve.dr.replica.RecordBatchCodec;
import io.varve.dr.replica.RecordMerge;
import io.varve.dr.replica.RemoteView;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.ViewMark;
import io.varve.dr.replica.WireCompression;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.remote.Authorities;
import io.varve.endpoint.site.ReplicaState;
import io.varve.journal.record.BlobRef;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The other site, over HTTP. Safe for use by many threads. */
public final class HttpPrimary implements Primary, RecordMerge.Target, AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);

    /** Records may name gigabytes, which the other site fetches first. */
    private static final Duration MERGE_TIMEOUT = Duration.ofMinutes(30);

    private static final long DOCUMENT_BYTES_MAX = 16L << 20;
    private static final long BATCH_BYTES_MAX = 256L << 20;

    private final String url;
    private final String token;
    private final HttpClient http;

    private HttpPrimary(ReplicaState.Peer peer, HttpClient http) {
        this.url = peer.url().endsWith("/") ? peer.url() : peer.url() + "/";
        this.token = peer.token();
        this.http = http;
    }

    /**
     * @param directory where the certificates may be that the other site is checked with
     * @throws io.varve.endpoint.identity.IdentityException when they cannot be read
     */
    public static HttpPrimary of(ReplicaState.Peer peer, Path directory) {
        Path caFile = directory.resolve(ReplicaState.CA_FILE_NAME);
        HttpClient.Builder http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_TIMEOUT);
        if (Files.exists(caFile)) {
            http.sslContext(Authorities.of(caFile));
        }
        return new HttpPrimary(peer, http.build());
    }

    String url() {
        return url;
    }

    @Override
    public PeerReport report() {
        JsonNode report = ask("GET", "report", null);
        try {
            return new PeerReport(
                    UUID.fromString(report.path("site").asText()),
                    report.path("leads").asBoolean(),
                    report.path("writer_epoch").asLong(),
                    report.path("end_position").asLong(),
                    report.path("end_chain").asText());
        } catch (IllegalArgumentException e) {
            throw new ReplicaException("the other site's report cannot be used: " + report, e);
        }
    }

    @Override
    public RecordBatch records(long fromPosition, Duration wait) {
        String query = "records?from=%d&wait_ms=%d".formatted(fromPosition, wait.toMillis());
        HttpResponse<byte[]> answer =
                answer("GET", query, null, BATCH_BYTES_MAX, ANSWER_TIMEOUT.plus(wait));
        RecordBatch batch = RecordBatchCodec.decode(whole(answer));
        return new RecordBatch(batch.records(), batch.endPosition(), behindBytes(answer.headers()));
    }

    private static byte[] whole(HttpResponse<byte[]> answer) {
        String length = answer.headers().firstValue(ReplicaEndpoint.LENGTH_HEADER).orElse("");
        if (length.isEmpty()) {
            return answer.body();
        }
        try {
            int bytes = Integer.parseInt(length);
            if (bytes < 0 || bytes > BATCH_BYTES_MAX) {
                throw new ReplicaException("a batch of impossible length: " + length);
            }
            return WireCompression.decompress(answer.body(), bytes);
        } catch (NumberFormatException e) {
            throw new ReplicaException("a batch of impossible length: " + length, e);
        }
    }

    private static long behindBytes(HttpHeaders headers) {
        try {
            return headers.firstValueAsLong(ReplicaEndpoint.BEHIND_HEADER)
                    .orElse(RecordBatch.NOT_COUNTED);
        } catch (NumberFormatException e) {
            throw new ReplicaException("the other site's answer cannot be used: " + headers, e);
        }
    }

    @Override
    public void blobs(List<BlobRef> blobs, Consumer<BlobAnswer> told) {
        HttpRequest request =
                request("POST", "blobs", BlobAnswers.encodeQuestion(blobs), ANSWER_TIMEOUT);
        try {
            HttpResponse<InputStream> answer =
                    http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw refused(answer.statusCode(), in.readNBytes(1 << 10));
                }
                BlobAnswers.read(blobs, in, told);
            }
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplicaException("interrupted", e);
        }
    }

    @Override
    public ViewMark viewMark() {
        JsonNode mark = ask("GET", "digest", null);
        return new ViewMark(mark.path("position").asLong(-1), mark.path("digest").asText());
    }

    @Override
    public RemoteView openView() {
        return new HttpView(this);
    }

    @Override
    public String chainAt(long position) {
        return ask("GET", "chain?position=" + position, null).path("chain").asText();
    }

    /** What an empty site needs to begin as a standby. */
    public JsonNode keys() {
        return ask("GET", "keys", null);
    }

    /** Says where this site is, so that the other one can ask it after a failover. */
    void introduce(JsonNode document) {
        JsonNode answer = ask("POST", "peer", document);
        if (!answer.path("accepted").asBoolean()) {
            throw new ReplicaException("the other site takes no standby: " + answer);
        }
    }

    /** Has the other site stop taking changes for the time of a handover; its report then. */
    JsonNode handOver(boolean begin) {
        return ask("POST", begin ? "handover" : "handover/cancel", Json.object());
    }

    /** Tells the other site to look who leads. */
    void wake() {
        ask("POST", "wake", Json.object());
    }

    /** Has the other site take records that were set aside here; it comes for the blobs. */
    @Override
    public List<RecordMerge.Answer> submit(List<RecordMerge.Item> items) {
        byte[] body = MergeItemsCodec.encode(items);
        JsonNode told =
                json(answer("POST", "merge", body, DOCUMENT_BYTES_MAX, MERGE_TIMEOUT).body());
        List<RecordMerge.Answer> answers = new ArrayList<>();
        try {
            for (JsonNode each : told.path("answers")) {
                answers.add(
                        new RecordMerge.Answer(
                                MergeState.of(each.path("state").asText()),
                                each.path("place").asLong(),
                                each.path("reason").asText()));
            }
        } catch (IllegalArgumentException e) {
            throw new ReplicaException("the other site's answer cannot be used: " + told, e);
        }
        return answers;
    }

    JsonNode ask(String method, String path, @Nullable JsonNode body) {
        byte[] sent = body == null ? null : Json.write(body);
        return json(answer(method, path, sent, DOCUMENT_BYTES_MAX, ANSWER_TIMEOUT).body());
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return Json.read(bytes);
        } catch (JsonException e) {
            throw new ReplicaException("the other site's answer is not JSON", e);
        }
    }

    private HttpResponse<byte[]> answer(
            String method, String path, byte @Nullable [] body, long limit, Duration timeout) {
        try {
            HttpResponse<byte[]> answer =
                    http.send(
                            request(method, path, body, timeout),
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), limit));
            if (answer.statusCode() != 200) {
                throw refused(answer.statusCode(), answer.body());
            }
            return answer;
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplicaException("interrupted", e);
        }
    }

    private HttpRequest request(
            String method, String path, byte @Nullable [] body, Duration timeout) {
        return HttpRequest.newBuilder(
                        URI.create(url).resolve(ReplicaEndpoint.PATH.substring(1) + "/" + path))
                .timeout(timeout)
                .header(ReplicaEndpoint.TOKEN_HEADER, token)
                .header(ReplicaEndpoint.ACCEPT_HEADER, ReplicaEndpoint.COMPRESSED)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    private static ReplicaException refused(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).replace('\n', ' ');
        return new ReplicaException(
                "the other site answered %d: %s"
                        .formatted(status, text.substring(0, Math.min(200, text.length()))));
    }

    private ReplicaException unreachable(IOException e) {
        return new ReplicaException(
                "the other site cannot be reached at %s: %s".formatted(url, e), e);
    }

    /** What is under way fails. */
    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
