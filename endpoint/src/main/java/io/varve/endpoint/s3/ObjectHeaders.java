package io.varve.endpoint.s3;

import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.Checksum;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The headers that say something of an object: from requests into the store and back. */
final class ObjectHeaders {
    static final String REDIRECT = "x-amz-website-redirect-location";

    private static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";
    private static final String CONTENT_ENCODING = "content-encoding";
    private static final int MAX_REDIRECT_BYTES = 2048;

    /** System headers that are kept, by lower-case name, with the spelling they go out in. */
    private static final Map<String, String> KEPT =
            Map.of(
                    "cache-control",
                    "Cache-Control",
                    "content-disposition",
                    "Content-Disposition",
                    CONTENT_ENCODING,
                    "Content-Encoding",
                    "content-language",
                    "Content-Language",
                    "content-type",
                    "Content-Type",
                    "expires",
                    "Expires",
                    REDIRECT,
                    REDIRECT);

    /** What a signed request may override in the answer, by parameter. */
    private static final Map<String, String> OVERRIDES =
            Map.of(
                    "response-cache-control", "cache-control",
                    "response-content-disposition", "content-disposition",
                    "response-content-encoding", CONTENT_ENCODING,
                    "response-content-language", "content-language",
                    "response-content-type", "content-type",
                    "response-expires", "expires");

    private static final List<String> NOT_IMPLEMENTED =
            List.of(
                    "x-amz-server-side-encryption",
                    "x-amz-server-side-encryption-aws-kms-key-id",
                    "x-amz-server-side-encryption-context",
                    "x-amz-server-side-encryption-bucket-key-enabled",
                    "x-amz-server-side-encryption-customer-algorithm",
                    "x-amz-server-side-encryption-customer-key",
                    "x-amz-server-side-encryption-customer-key-md5",
                    "x-amz-copy-source-server-side-encryption-customer-algorithm",
                    "x-amz-copy-source-server-side-encryption-customer-key",
                    "x-amz-copy-source-server-side-encryption-customer-key-md5",
                    "x-amz-write-offset-bytes");

    private static final List<String> OBJECT_LOCK =
            List.of(
                    "x-amz-object-lock-mode",
                    "x-amz-object-lock-retain-until-date",
                    "x-amz-object-lock-legal-hold");

    /** What S3 calls the class of objects that ask for none. */
    static final String STANDARD = "STANDARD";

    private ObjectHeaders() {}

    /** What another protocol keeps with an object and S3 has no word for, beside what S3 says. */
    static Attributes withForeign(Attributes said, Attributes before) {
        SortedMap<String, String> headers = new TreeMap<>(said.headers());
        before.headers()
                .forEach(
                        (name, value) -> {
                            if (!KEPT.containsKey(name)) {
                                headers.put(name, value);
                            }
                        });
        return new Attributes(headers, said.metadata());
    }

    /** Everything a PUT, a copy or a new upload says of its object besides the bytes. */
    static Attributes attributes(S3Call call) {
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name : KEPT.keySet()) {
            String value = call.header(name);
            if (value != null && !value.isEmpty()) {
                headers.put(name, value);
            }
        }
        keepRealEncodings(headers);
        requireRedirect(headers.get(REDIRECT));
        return new Attributes(headers, UserMetadata.of(call.request()));
    }

    /** {@code aws-chunked} is how the body came, not what the object is. */
    private static void keepRealEncodings(SortedMap<String, String> headers) {
        String encoding = headers.get(CONTENT_ENCODING);
        if (encoding == null || !encoding.toLowerCase(Locale.ROOT).contains("aws-chunked")) {
            return;
        }
        StringJoiner kept = new StringJoiner(",");
        for (String coding : encoding.split(",", -1)) {
            if (!coding.strip().equalsIgnoreCase("aws-chunked")) {
                kept.add(coding.strip());
            }
        }
        if (kept.length() == 0) {
            headers.remove(CONTENT_ENCODING);
        } else {
            headers.put(CONTENT_ENCODING, kept.toString());
        }
    }

    private static void requireRedirect(@Nullable String location) {
        if (location == null) {
            return;
        }
        if (location.length() > MAX_REDIRECT_BYTES
                || !(location.startsWith("/")
                        || location.startsWith("http://")
                        || location.startsWith("https://"))) {
            throw S3Error.INVALID_REDIRECT_LOCATION.refusal();
        }
    }

    /**
     * Refuses what a request asks of an object that is not there yet: silence would be taken for a
     * promise.
     */
    static void requireImplemented(S3Call call) {
        for (String name : NOT_IMPLEMENTED) {
            if (call.header(name) != null) {
                throw S3Refusal.notImplementedHeader(name);
            }
        }
        for (String name : OBJECT_LOCK) {
            if (call.header(name) != null) {
                throw S3Error.INVALID_REQUEST.refusal(
                        "Bucket is missing Object Lock Configuration");
            }
        }
    }

    /** The storage class, by S3's name for the default one. */
    static String storageClass(Attributes attributes) {
        return attributes.settings().getOrDefault(Attributes.STORAGE_CLASS, STANDARD);
    }

    /** What an answer about an object says of it, 304 included. */
    static void addValidators(HttpResponse.Builder out, ShownObject object) {
        out.header("Last-Modified", Timestamps.http(object.modifiedMicros()));
        out.header("ETag", ETags.quoted(object.etag()));
    }

    /** The version, where the bucket has or had versioning. */
    static void addVersion(HttpResponse.Builder out, Bucket bucket, ObjectVersion object) {
        if (Resources.showsVersions(bucket) || !object.nullVersion()) {
            out.header("x-amz-version-id", WireIds.ofVersion(object.versionId()));
        }
    }

    /** The object's own headers and metadata, with the overrides of the request. */
    static void addAttributes(HttpResponse.Builder out, ObjectVersion object, S3Call call) {
        SortedMap<String, String> headers = new TreeMap<>(object.attributes().headers());
        headers.putIfAbsent("content-type", DEFAULT_CONTENT_TYPE);
        addOverrides(headers, call.query());
        for (Map.Entry<String, String> header : headers.entrySet()) {
            String spelling = KEPT.get(header.getKey());
            // Another protocol may keep headers of its own with an object; they are not S3's.
            if (spelling != null) {
                out.header(spelling, header.getValue());
            }
        }
        object.expiresSeconds()
                .ifPresent(
                        seconds ->
                                out.header(
                                        "x-amz-expiration",
                                        "expiry-date=\"%s\", rule-id=\"X-Delete-At\""
                                                .formatted(
                                                        Timestamps.http(
                                                                Instant.ofEpochSecond(seconds)))));
        if (object.attributes().settings().containsKey(Attributes.STORAGE_CLASS)) {
            out.header("x-amz-storage-class", storageClass(object.attributes()));
        }
        int tagCount = Tags.of(object).size();
        if (tagCount > 0) {
            out.header("x-amz-tagging-count", Integer.toString(tagCount));
        }
        object.attributes()
                .metadata()
                .forEach(
                        (name, value) ->
                                out.header(
                                        UserMetadata.PREFIX + name, UserMetadata.encoded(value)));
    }

    private static void addOverrides(SortedMap<String, String> headers, QueryParameters query) {
        if (query.all().isEmpty()) {
            return;
        }
        OVERRIDES.forEach(
                (parameter, header) -> {
                    String value = query.first(parameter);
                    if (value == null) {
                        return;
                    }
                    // A line break would begin a header of the client's choice.
                    if (value.chars().anyMatch(c -> c < 0x20 && c != '\t')) {
                        throw S3Refusal.invalidArgument(
                                "Header value cannot contain control characters.",
                                parameter,
                                value);
                    }
                    headers.put(header, value);
                });
    }

    static void addChecksums(HttpResponse.Builder out, List<Checksum> checksums) {
        for (Checksum checksum : checksums) {
            out.header(ChecksumNames.header(checksum.algorithm()), checksum.value());
            out.header("x-amz-checksum-type", checksum.type().name());
        }
    }

    static void addChecksumElements(XmlWriter xml, List<Checksum> checksums) {
        for (Checksum checksum : checksums) {
            xml.element(ChecksumNames.element(checksum.algorithm()), checksum.value());
        }
    }
}
