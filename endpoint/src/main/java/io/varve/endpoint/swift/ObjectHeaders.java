package io.varve.endpoint.swift;

import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.Attributes;
import io.varve.projections.namespace.ObjectVersion;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The headers that say something of an object: from requests into the store and back. */
final class ObjectHeaders {
    private static final String CONTENT_TYPE = "content-type";

    /** Until the year 2286, as Swift's own times have it. */
    private static final int MAX_SECONDS_DIGITS = 10;

    private static final long MAX_SECONDS = 9_999_999_999L;

    /** System headers that are kept, by lower-case name, with the spelling they go out in. */
    private static final Map<String, String> KEPT =
            Map.of(
                    "cache-control", "Cache-Control",
                    "content-disposition", "Content-Disposition",
                    "content-encoding", "Content-Encoding",
                    "content-language", "Content-Language",
                    "expires", "Expires",
                    "x-robots-tag", "X-Robots-Tag");

    private ObjectHeaders() {}

    /** What a PUT says of its object. */
    static Attributes ofPut(SwiftCall call) {
        SortedMap<String, String> headers = systemHeaders(call.request());
        headers.put(CONTENT_TYPE, contentType(call));
        SortedMap<String, String> settings = new TreeMap<>();
        expiry(call, settings);
        dynamic(call, settings);
        return new Attributes(
                headers, UserMetadata.of(call.request(), UserMetadata.OBJECT), settings);
    }

    /** What makes a dynamic large object of one. */
    private static void dynamic(SwiftCall call, SortedMap<String, String> settings) {
        String header = call.header("x-object-manifest");
        if (header == null || header.isEmpty()) {
            return;
        }
        String value = Percent.decode(header).orElse("");
        String path = value.startsWith("/") ? value.substring(1) : value;
        int slash = path.indexOf('/');
        if (slash <= 0
                || slash == path.length() - 1
                || value.contains("?")
                || value.contains("&")) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "X-Object-Manifest must be in the format container/prefix");
        }
        settings.put(
                LargeObject.SETTING,
                new LargeObject.Dynamic(path.substring(0, slash), path.substring(slash + 1))
                        .encode());
        settings.put(LargeObject.WRITTEN, header);
    }

    /**
     * A delete may be meant for an object only while that expires when the client thinks it does.
     *
     * @throws SwiftRefusal when it does not
     */
    static void requireExpiry(SwiftCall call, Supplier<Optional<ObjectVersion>> current) {
        String header = call.header("x-if-delete-at");
        if (header == null) {
            return;
        }
        String digits = header.strip();
        if (!digits.matches("-?[0-9]{1,18}")) {
            throw StatusPage.BAD_REQUEST.plain("Bad X-If-Delete-At header value");
        }
        ObjectVersion object = current.get().orElseThrow(StatusPage.NOT_FOUND::refusal);
        String expires = object.attributes().settings().get(Attributes.EXPIRES);
        if (expires == null || Long.parseLong(expires) != Long.parseLong(digits)) {
            throw StatusPage.PRECONDITION_FAILED.refusal();
        }
    }

    /**
     * What a POST says in place of what was said before. The type stays unless another is given;
     * settings stay but for the expiry, which goes unless it is given.
     */
    static Attributes ofPost(SwiftCall call, Attributes before) {
        SortedMap<String, String> headers = systemHeaders(call.request());
        before.headers()
                .forEach(
                        (name, value) -> {
                            // Another protocol's: no client of Swift can mean to remove it.
                            if (!KEPT.containsKey(name)) {
                                headers.put(name, value);
                            }
                        });
        String type = call.header(CONTENT_TYPE);
        headers.put(
                CONTENT_TYPE,
                type == null || type.isEmpty()
                        ? before.headers().getOrDefault(CONTENT_TYPE, ContentTypes.UNKNOWN)
                        : type);
        SortedMap<String, String> settings = new TreeMap<>(before.settings());
        settings.remove(Attributes.EXPIRES);
        settings.remove(Attributes.ORIGIN);
        expiry(call, settings);
        if (LargeObject.of(settings).filter(LargeObject.Dynamic.class::isInstance).isPresent()) {
            settings.remove(LargeObject.SETTING);
            settings.remove(LargeObject.WRITTEN);
        }
        if (!settings.containsKey(LargeObject.SETTING)) {
            dynamic(call, settings);
        }
        return new Attributes(
                headers, UserMetadata.of(call.request(), UserMetadata.OBJECT), settings);
    }

    private static void expiry(SwiftCall call, SortedMap<String, String> settings) {
        String after = call.header("x-delete-after");
        String at = call.header("x-delete-at");
        long now = call.request().now().getEpochSecond();
        if (after != null && !after.isEmpty()) {
            long seconds = seconds(after, "X-Delete-After");
            if (seconds <= 0) {
                throw StatusPage.BAD_REQUEST.plain("X-Delete-After in past");
            }
            settings.put(Attributes.EXPIRES, Long.toString(Math.min(now + seconds, MAX_SECONDS)));
        } else if (at != null && !at.isEmpty()) {
            long seconds = seconds(at, "X-Delete-At");
            if (seconds <= now) {
                throw StatusPage.BAD_REQUEST.plain("X-Delete-At in past");
            }
            settings.put(Attributes.EXPIRES, Long.toString(seconds));
        }
    }

    private static long seconds(String value, String header) {
        String digits = value.strip();
        boolean number = !digits.isEmpty();
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            number &= (c >= '0' && c <= '9') || (i == 0 && c == '-' && digits.length() > 1);
        }
        if (!number) {
            throw StatusPage.BAD_REQUEST.plain("Non-integer " + header);
        }
        return digits.length() > MAX_SECONDS_DIGITS
                ? digits.startsWith("-") ? -MAX_SECONDS : MAX_SECONDS
                : Long.parseLong(digits);
    }

    /** What a copy says: the source's, and over it what the request names. */
    static Attributes ofCopy(SwiftCall call, Attributes source) {
        SortedMap<String, String> said = UserMetadata.of(call.request(), UserMetadata.OBJECT);
        SortedMap<String, String> headers = new TreeMap<>();
        SortedMap<String, String> metadata = new TreeMap<>();
        boolean fresh = SwiftQuery.saysYes(call.header("x-fresh-metadata"));
        if (!fresh) {
            headers.putAll(source.headers());
            metadata.putAll(source.metadata());
        }
        headers.put(
                CONTENT_TYPE, source.headers().getOrDefault(CONTENT_TYPE, ContentTypes.UNKNOWN));
        headers.putAll(systemHeaders(call.request()));
        String type = call.header(CONTENT_TYPE);
        if (type != null && !type.isEmpty()) {
            headers.put(CONTENT_TYPE, type);
        }
        metadata.putAll(said);
        UserMetadata.requireFew(metadata);
        SortedMap<String, String> settings = new TreeMap<>();
        String expires = source.settings().get(Attributes.EXPIRES);
        if (expires != null && !fresh && !Versions.isAsked(call)) {
            settings.put(Attributes.EXPIRES, expires);
        }
        expiry(call, settings);
        String tags = source.settings().get(Attributes.TAGS);
        if (tags != null) {
            settings.put(Attributes.TAGS, tags);
        }
        return new Attributes(headers, metadata, settings);
    }

    private static SortedMap<String, String> systemHeaders(SwiftRequest request) {
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name : KEPT.keySet()) {
            String value = request.header(name);
            if (value != null && !value.isEmpty()) {
                headers.put(name, value);
            }
        }
        return headers;
    }

    private static String contentType(SwiftCall call) {
        String given = call.header(CONTENT_TYPE);
        if (given != null && !call.request().http().headersAreUtf8() && !Utf8.isAscii(given)) {
            throw StatusPage.BAD_REQUEST.plain("Invalid Content-Type");
        }
        boolean detect = SwiftQuery.saysYes(call.header("x-detect-content-type"));
        return detect || given == null || given.isEmpty()
                ? ContentTypes.guess(call.objectName())
                : given;
    }

    static String contentType(ObjectVersion object) {
        return object.attributes().headers().getOrDefault(CONTENT_TYPE, ContentTypes.UNKNOWN);
    }

    /** Everything a reader is told but type, validators and length. */
    static HttpHeaders shown(ObjectVersion object) {
        HttpHeaders.Builder out = new HttpHeaders.Builder();
        object.attributes()
                .headers()
                .forEach(
                        (name, value) -> {
                            String spelling = KEPT.get(name);
                            if (spelling != null) {
                                out.add(spelling, value);
                            }
                        });
        object.attributes()
                .metadata()
                .forEach(
                        (name, value) ->
                                out.add(UserMetadata.shown(UserMetadata.OBJECT, name), value));
        String expires = object.attributes().settings().get(Attributes.EXPIRES);
        if (expires != null) {
            out.add("X-Delete-At", expires);
        }
        if (object.partCount() > 0) {
            // Clients take the tag for the MD5 of the bytes unless this header is there, and it is
            // not: the object was put in parts through another protocol.
            out.add("X-Static-Large-Object", "False");
        }
        LargeObject.of(object)
                .ifPresent(
                        large -> {
                            switch (large) {
                                case LargeObject.Static _ ->
                                        out.add("X-Static-Large-Object", "True");
                                case LargeObject.Dynamic(String bucket, String prefix) ->
                                        out.add(
                                                "X-Object-Manifest",
                                                object.attributes()
                                                        .settings()
                                                        .getOrDefault(
                                                                LargeObject.WRITTEN,
                                                                bucket + "/" + prefix));
                            }
                        });
        return out.build();
    }

    static void addMetadata(HttpResponse.Builder out, Attributes attributes) {
        attributes
                .metadata()
                .forEach(
                        (name, value) ->
                                out.header(UserMetadata.shown(UserMetadata.OBJECT, name), value));
    }
}
