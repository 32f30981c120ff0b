package io.varve.endpoint.swift;

import io.varve.endpoint.server.HttpBody;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.Content;
import io.varve.endpoint.swift.ByteRanges.ByteRange;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a GET or HEAD of an object is answered from.
 *
 * @param etag as shown, quotes included where there are any
 * @param modifiedMicros when it was last changed
 * @param headers everything else that is said of it
 * @param oneRange whether several ranges at a time are not given, but the whole in their place
 */
record Representation(
        String contentType,
        String etag,
        long modifiedMicros,
        HttpHeaders headers,
        Content content,
        boolean oneRange) {

    Representation(
            String contentType,
            String etag,
            long modifiedMicros,
            HttpHeaders headers,
            Content content) {
        this(contentType, etag, modifiedMicros, headers, content, false);
    }

    /** The same with more to say. */
    Representation with(HttpHeaders more) {
        HttpHeaders.Builder all = new HttpHeaders.Builder();
        all.addAll(headers.fields());
        all.addAll(more.fields());
        return new Representation(
                contentType, etag, modifiedMicros, all.build(), content, oneRange);
    }

    HttpResponse answer(SwiftCall call) {
        SwiftRequest request = call.request();
        int verdict = verdict(request);
        if (verdict != 200) {
            HttpResponse.Builder out = call.respond(verdict);
            out.header("Content-Type", verdict == 304 ? contentType : "text/html; charset=UTF-8");
            return describe(out).build();
        }
        List<ByteRange> ranges = ranges(request);
        if (ranges == null) {
            return body(request, describe(typed(call.respond(200))), whole());
        }
        if (ranges.isEmpty()) {
            return unsatisfiable(call);
        }
        if (ranges.size() == 1) {
            ByteRange range = ranges.getFirst();
            HttpResponse.Builder out =
                    describe(typed(call.respond(206)))
                            .header("Content-Range", range.contentRange(content.sizeBytes()));
            return body(request, out, range);
        }
        return multipart(call, ranges);
    }

    /** All of it under another status, conditions and ranges left aside. */
    HttpResponse whole(HttpResponse.Builder out, boolean head) {
        describe(typed(out));
        return out.body(
                head
                        ? new HttpBody.LengthOnly(content.sizeBytes())
                        : RangesBody.of(content, whole()));
    }

    private @Nullable List<ByteRange> ranges(SwiftRequest request) {
        String ifRange = request.header("if-range");
        if (ifRange != null && !bare(ifRange).equals(bare(etag)) && !isModifiedAt(ifRange)) {
            return null;
        }
        if (oneRange && request.headerOrEmpty("range").contains(",")) {
            return null;
        }
        return request.isHead()
                ? null
                : ByteRanges.of(request.header("range"), content.sizeBytes());
    }

    private boolean isModifiedAt(String date) {
        return Times.parseHttp(date).filter(Times.roundedUp(modifiedMicros)::equals).isPresent();
    }

    private ByteRange whole() {
        return new ByteRange(0, content.sizeBytes());
    }

    private HttpResponse.Builder typed(HttpResponse.Builder out) {
        return out.header("Content-Type", contentType);
    }

    private HttpResponse.Builder describe(HttpResponse.Builder out) {
        return out.headers(headers)
                .header("Etag", etag)
                .header("Last-Modified", Times.http(modifiedMicros))
                .header("X-Timestamp", Times.timestamp(modifiedMicros))
                .header("Accept-Ranges", "bytes");
    }

    private HttpResponse body(SwiftRequest request, HttpResponse.Builder out, ByteRange range) {
        return out.body(
                request.isHead()
                        ? new HttpBody.LengthOnly(range.lengthBytes())
                        : RangesBody.of(content, range));
    }

    private HttpResponse unsatisfiable(SwiftCall call) {
        StatusPage page = StatusPage.RANGE_NOT_SATISFIABLE;
        return describe(call.respond(page.status()))
                .header("Content-Type", "text/html; charset=UTF-8")
                .header("Content-Range", "bytes */" + content.sizeBytes())
                .body(page.html());
    }

    private HttpResponse multipart(SwiftCall call, List<ByteRange> ranges) {
        byte[] random = new byte[16];
        ThreadLocalRandom.current().nextBytes(random);
        RangesBody.Parts parts =
                new RangesBody.Parts(HexFormat.of().formatHex(random), contentType);
        HttpResponse.Builder out =
                describe(call.respond(206))
                        .header(
                                "Content-Type",
                                "multipart/byteranges;boundary=" + parts.boundary());
        return out.body(RangesBody.of(content, ranges, parts));
    }

    /** 200, or what the conditions of the request make of it. */
    private int verdict(SwiftRequest request) {
        String ifNoneMatch = request.header("if-none-match");
        if (ifNoneMatch != null && matches(ifNoneMatch)) {
            return 304;
        }
        String ifMatch = request.header("if-match");
        if (ifMatch != null && !matches(ifMatch)) {
            return 412;
        }
        Instant modified = Times.roundedUp(modifiedMicros);
        if (date(request, "if-modified-since").filter(since -> !modified.isAfter(since)).isPresent()
                && ifNoneMatch == null) {
            return 304;
        }
        if (date(request, "if-unmodified-since").filter(modified::isAfter).isPresent()) {
            return 412;
        }
        return 200;
    }

    private static Optional<Instant> date(SwiftRequest request, String name) {
        String value = request.header(name);
        return value == null ? Optional.empty() : Times.parseHttp(value);
    }

    private boolean matches(String list) {
        for (String one : list.split(",", -1)) {
            String bare = bare(one.strip());
            if (bare.equals("*") || bare.equals(bare(etag))) {
                return true;
            }
        }
        return false;
    }

    static String bare(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }
}
