package io.varve.endpoint.replica;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.dr.replica.BlobAnswer;
import io.varve.dr.replica.BlobAnswers;
import io.varve.dr.replica.Fork;
import io.varve.dr.replica.MergeItemsCodec;
import io.varve.dr.replica.RecordBatch;
import io.varve.dr.replica.RecordBatchCodec;
import io.varve.dr.replica.ReplicaException;
import io.varve.dr.replica.ViewMark;
import io.varve.dr.replica.WireCompression;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.SiteReplica;
import io.varve.journal.StoredJournal;
import io.varve.journal.record.BlobRef;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a site serves to the other one of its pair: who it is, its records, and the blobs that they
 * name ({@code docs/formats/replica.md}). Whoever has a token has everything. Safe for use by many
 * threads.
 */
public final class ReplicaEndpoint implements HttpHandler {
    /** What the paths begin with. */
    public static final String PATH = "/varve/v1/replica";

    static final String TOKEN_HEADER = "X-Varve-Replica-Token";

    /** What the records from the first one asked for to the end bring, in bytes; -1: not known. */
    static final String BEHIND_HEADER = "X-Varve-Behind-Bytes";

    /** What the asking site can read besides bytes as they are. */
    static final String ACCEPT_HEADER = "X-Varve-Accept";

    static final String COMPRESSED = "compressed";

    /** Of a compressed batch, before it was; empty for one that is not. */
    static final String LENGTH_HEADER = "X-Varve-Content-Length";

    private static final long WAIT_MS_MAX = 30_000;
    private static final int BODY_BYTES_MAX = 64 << 10;
    private static final int RECORDS_BYTES_MAX = 64 << 20;

    private final ReplicaService service;
    private final SiteReplica site;

    public ReplicaEndpoint(ReplicaService service) {
        this.service = service;
        this.site = service.site();
    }

    @Override
    public HttpResponse handle(HttpRequest http) throws IOException {
        http.notes().operation("Replica");
        String token = http.headers().firstOr(TOKEN_HEADER, "");
        if (token.isEmpty() || !knows(token)) {
            return error(http, 401, "a token of this site is needed: varve dr token makes one");
        }
        String path = http.rawPath().substring(PATH.length());
        try {
            return answer(http, http.method() + " " + path);
        } catch (IllegalArgumentException | JsonException e) {
            return error(http, 400, String.valueOf(e.getMessage()));
        } catch (ReplicaException e) {
            return error(http, 409, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return error(http, 503, "the site is being closed");
        }
    }

    private boolean knows(String token) {
        var peer = site.state().peer();
        boolean peers =
                peer != null
                        && MessageDigest.isEqual(
                                peer.token().getBytes(StandardCharsets.UTF_8),
                                token.getBytes(StandardCharsets.UTF_8));
        return service.tokens().knows(token) || peers;
    }

    private HttpResponse answer(HttpRequest http, String what)
            throws IOException, InterruptedException, JsonException {
        return switch (what) {
            case "GET /report" -> json(service.report());
            case "GET /records" -> records(http);
            case "GET /chain" -> chain(number(http, "position"));
            case "GET /digest" -> json(digest());
            case "POST /view" -> json(service.openedView().open());
            case "GET /view/ranges" ->
                    json(service.openedView().ranges(text(http, "session"), text(http, "from")));
            case "GET /view/rows" ->
                    json(
                            service.openedView()
                                    .rows(
                                            text(http, "session"),
                                            text(http, "from"),
                                            text(http, "to")));
            case "POST /view/end" -> json(service.openedView().end(text(http, "session")));
            case "GET /keys" -> json(service.keys());
            case "POST /blobs" -> blobs(http);
            case "POST /peer" -> json(service.introduced(document(http), token(http)));
            case "POST /handover" -> json(service.beginHandover());
            case "POST /handover/cancel" -> json(service.cancelHandover());
            case "POST /merge" -> json(merge(http));
            case "POST /wake" -> json(service.woken());
            default -> error(http, 404, "there is nothing of that path");
        };
    }

    private static String token(HttpRequest http) {
        return http.headers().firstOr(TOKEN_HEADER, "");
    }

    private HttpResponse records(HttpRequest http) throws IOException, InterruptedException {
        long from = number(http, "from");
        long waitMs = Math.clamp(number(http, "wait_ms"), 0, WAIT_MS_MAX);
        if (from < 1) {
            throw new IllegalArgumentException("positions start at 1: " + from);
        }
        RecordBatch batch = service.records(from, Duration.ofMillis(waitMs));
        byte[] whole = RecordBatchCodec.encode(batch);
        boolean compress = service.limits().compress() && accepts(http);
        byte[] smaller = compress ? WireCompression.compress(whole) : null;
        byte[] bytes = smaller == null ? whole : smaller;
        service.shipping(bytes.length);
        return HttpResponse.status(200)
                .header(LENGTH_HEADER, smaller == null ? "" : Integer.toString(whole.length))
                .header("Content-Type", "application/octet-stream")
                .header(BEHIND_HEADER, Long.toString(batch.behindBytes()))
                .body(bytes);
    }

    private JsonNode merge(HttpRequest http) throws IOException {
        byte[] payload = http.body().readNBytes(RECORDS_BYTES_MAX + 1);
        if (payload.length > RECORDS_BYTES_MAX) {
            throw new IllegalArgumentException("the records are too large");
        }
        return service.merged(MergeItemsCodec.decode(payload));
    }

    private ObjectNode digest() {
        ViewMark mark = site.viewMark();
        return Json.object().put("position", mark.position()).put("digest", mark.digest());
    }

    private HttpResponse chain(long position) {
        StoredJournal journal = site.journal();
        ObjectNode answer = Json.object();
        boolean there = position >= 0 && position <= journal.endPosition();
        answer.put("position", position);
        answer.put("chain", there ? Fork.chain(journal, position) : "");
        return json(answer);
    }

    private HttpResponse blobs(HttpRequest http) throws IOException {
        List<BlobRef> asked =
                BlobAnswers.decodeQuestion(http.body().readNBytes(BODY_BYTES_MAX + 1));
        boolean compressed = service.limits().compress() && accepts(http);
        return HttpResponse.status(200)
                .header("Content-Type", "application/octet-stream")
                .body(
                        new HttpBody.Streaming(
                                -1,
                                out -> {
                                    for (BlobRef blob : asked) {
                                        send(out, site.answer(blob), compressed);
                                    }
                                }));
    }

    private void send(OutputStream out, BlobAnswer answer, boolean compressed) throws IOException {
        byte[] bytes = BlobAnswers.encode(answer, compressed);
        for (int at = 0; at < bytes.length; at += ShippingPace.SLICE_BYTES) {
            int length = Math.min(ShippingPace.SLICE_BYTES, bytes.length - at);
            service.shipping(length);
            out.write(bytes, at, length);
        }
    }

    private static boolean accepts(HttpRequest http) {
        return http.headers().firstOr(ACCEPT_HEADER, "").equals(COMPRESSED);
    }

    private static JsonNode document(HttpRequest http) throws IOException, JsonException {
        byte[] bytes = http.body().readNBytes(BODY_BYTES_MAX + 1);
        if (bytes.length > BODY_BYTES_MAX) {
            throw new IllegalArgumentException("the document is too large");
        }
        return Json.read(bytes);
    }

    private static long number(HttpRequest http, String name) {
        return Long.parseLong(text(http, name));
    }

    /** Of letters, digits and dashes: nothing that would be escaped. */
    private static String text(HttpRequest http, String name) {
        for (String part : http.rawQuery().split("&", -1)) {
            if (part.startsWith(name + "=")) {
                return part.substring(name.length() + 1);
            }
        }
        throw new IllegalArgumentException("the query has no " + name);
    }

    private static HttpResponse json(JsonNode document) {
        return HttpResponse.status(200)
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-store")
                .body(Json.write(document));
    }

    private static HttpResponse error(HttpRequest http, int status, String message) {
        http.notes().errorCode(String.format(Locale.ROOT, "%d", status));
        ObjectNode document = Json.object();
        document.put("error", message);
        return HttpResponse.status(status)
                .header("Content-Type", "application/json")
                .body(Json.write(document));
    }
}
