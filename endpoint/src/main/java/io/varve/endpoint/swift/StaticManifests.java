package io.varve.endpoint.swift;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.large.LargeObject;
import io.varve.endpoint.large.LargeObjects;
import io.varve.endpoint.large.LargeObjects.Whole;
import io.varve.endpoint.large.Segment;
import io.varve.endpoint.swift.ByteRanges.ByteRange;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the manifest that a client puts: first its form, then each segment object against what the
 * client says of it. Safe for use by many threads.
 */
final class StaticManifests {
    static final int MAX_SEGMENTS = 1000;
    static final int MAX_MANIFEST_BYTES = 8 << 20;

    private static final Set<String> PATH_KEYS = Set.of("path", "etag", "size_bytes", "range");
    private static final Set<String> DATA_KEYS = Set.of("data");

    private final Containers containers;
    private final LargeObjects large;

    StaticManifests(Containers containers, LargeObjects large) {
        this.containers = containers;
        this.large = large;
    }

    /** A manifest that holds, and what is known of the whole. */
    record Checked(List<Segment> segments, LargeObject.Static described, BulkReport problems) {}

    /** One entry as the client wrote it. */
    private record Wanted(
            String path,
            String container,
            String object,
            @Nullable String etag,
            @Nullable Long sizeBytes,
            @Nullable String range) {}

    Checked check(SwiftCall call, byte[] document) {
        List<Object> entries = parse(document);
        List<Segment> segments = new ArrayList<>();
        BulkReport problems = new BulkReport();
        StringBuilder etags = new StringBuilder();
        long size = 0;
        int stored = 0;
        for (Object entry : entries) {
            Segment segment;
            if (entry instanceof Wanted wanted) {
                segment = found(call, wanted, problems);
                stored++;
            } else {
                segment = new Segment.Inline((byte[]) entry);
            }
            if (segment == null) {
                continue;
            }
            segments.add(segment);
            size += segment.lengthBytes();
            etags.append(etag(segment));
        }
        if (stored > MAX_SEGMENTS) {
            throw StatusPage.REQUEST_ENTITY_TOO_LARGE.refusal(
                    "Number of object-backed segments must be <= " + MAX_SEGMENTS);
        }
        String etag = LargeObjects.md5(etags.toString());
        return new Checked(segments, new LargeObject.Static(size, etag, segments.size()), problems);
    }

    static String etag(Segment segment) {
        return switch (segment) {
            case Segment.Inline(byte[] bytes) -> Digests.md5Hex(bytes);
            case Segment.Stored stored ->
                    stored.range() == null
                            ? stored.etag()
                            : stored.etag() + ":" + stored.range() + ";";
        };
    }

    private static List<Object> parse(byte[] document) {
        JsonNode list;
        try {
            list = Json.read(document);
        } catch (JsonException e) {
            throw StatusPage.BAD_REQUEST.refusal("Manifest must be valid JSON.\n");
        }
        if (!list.isArray()) {
            throw StatusPage.BAD_REQUEST.refusal("Manifest must be a list.\n");
        }
        List<Object> entries = new ArrayList<>();
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            Object entry = entry(list.get(i));
            if (entry instanceof String error) {
                errors.append("Index ").append(i).append(": ").append(error).append('\n');
            } else {
                entries.add(entry);
            }
        }
        if (!errors.isEmpty()) {
            throw StatusPage.BAD_REQUEST.plain(errors.toString());
        }
        boolean onlyInline =
                !entries.isEmpty() && entries.stream().noneMatch(Wanted.class::isInstance);
        if (onlyInline) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Inline data segments require at least one object-backed segment.");
        }
        return entries;
    }

    /** A {@link Wanted}, the bytes of an inline segment, or what is wrong as a string. */
    private static Object entry(JsonNode node) {
        if (!node.isObject()) {
            return "not a JSON object";
        }
        if (!node.has("path") && !node.has("data")) {
            return "expected keys to include one of \"data\" or \"path\"";
        }
        Set<String> known = node.has("path") ? PATH_KEYS : DATA_KEYS;
        Set<String> extra = new TreeSet<>();
        node.fieldNames().forEachRemaining(extra::add);
        extra.removeAll(known);
        if (!extra.isEmpty()) {
            return "extraneous keys "
                    + String.join(", ", extra.stream().map(key -> '"' + key + '"').toList());
        }
        return node.has("path") ? path(node) : data(node.get("data"));
    }

    private static Object data(JsonNode data) {
        if (!data.isTextual()) {
            return "data must be valid base64";
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(data.textValue());
            return bytes.length == 0 ? "too small; each segment must be at least 1 byte." : bytes;
        } catch (IllegalArgumentException e) {
            return "data must be valid base64";
        }
    }

    private static Object path(JsonNode node) {
        JsonNode path = node.get("path");
        if (!path.isTextual()) {
            return "path must be a string";
        }
        String text = path.textValue();
        String name = text.startsWith("/") ? text.substring(1) : text;
        int slash = name.indexOf('/');
        if (slash <= 0 || slash == name.length() - 1) {
            return "path does not refer to an object. Path must be of the form /container/object.";
        }
        JsonNode etag = node.path("etag");
        if (!etag.isMissingNode() && !etag.isNull() && !etag.isTextual()) {
            return "etag must be a string or null";
        }
        Long size = null;
        JsonNode sizeNode = node.path("size_bytes");
        if (!sizeNode.isMissingNode() && !sizeNode.isNull()) {
            String digits = sizeNode.asText();
            if (!digits.matches("[0-9]{1,18}")) {
                return "invalid size_bytes";
            }
            size = Long.valueOf(digits);
            if (size < 1) {
                return "too small; each segment must be at least 1 byte.";
            }
        }
        JsonNode range = node.path("range");
        String rangeText =
                range.isTextual() && !range.textValue().isEmpty() ? range.textValue() : null;
        if (rangeText != null && !rangeText.matches("[0-9]*-[0-9]*")) {
            return rangeText.contains(",") ? "multiple ranges (only one allowed)" : "invalid range";
        }
        return new Wanted(
                text,
                name.substring(0, slash),
                name.substring(slash + 1),
                etag.isTextual() ? Representation.bare(etag.textValue()) : null,
                size,
                rangeText);
    }

    private @Nullable Segment found(SwiftCall call, Wanted wanted, BulkReport problems) {
        if (wanted.container().equals(call.containerName())
                && wanted.object().equals(call.objectName())) {
            throw StatusPage.BAD_REQUEST.refusal(
                    "Manifest object name \"%s\" cannot be included in the manifest"
                            .formatted(Percent.encode(wanted.path())));
        }
        Optional<Bucket> bucket = containers.find(call.account(), wanted.container());
        Optional<ObjectVersion> object =
                bucket.flatMap(found -> containers.current(found, wanted.object()));
        if (bucket.isEmpty() || object.isEmpty()) {
            problems.failure(Percent.encode(wanted.path()), StatusPage.NOT_FOUND.line());
            return null;
        }
        if (!containers.mayRead(call, bucket.get(), object.get())) {
            problems.failure(Percent.encode(wanted.path()), StatusPage.FORBIDDEN.line());
            return null;
        }
        ObjectVersion segment =
                large.standsFor(
                        bucket.get(), object.get(), (b, o) -> containers.mayRead(call, b, o));
        Whole whole = large.whole(segment, (b, o) -> containers.mayRead(call, b, o));
        return segment(wanted, segment, whole, problems);
    }

    private static @Nullable Segment segment(
            Wanted wanted, ObjectVersion object, Whole whole, BulkReport problems) {
        String name = Percent.encode(wanted.path());
        int before = problems.failureCount();
        if (whole.sizeBytes() < 1) {
            problems.failure(name, "Too Small; each segment must be at least 1 byte.");
        }
        if (wanted.sizeBytes() != null && wanted.sizeBytes() != whole.sizeBytes()) {
            problems.failure(name, "Size Mismatch");
        }
        if (wanted.etag() != null && !wanted.etag().equals(whole.etag())) {
            problems.failure(name, "Etag Mismatch");
        }
        ByteRange range = new ByteRange(0, whole.sizeBytes());
        String shownRange = null;
        if (wanted.range() != null) {
            List<ByteRange> ranges = ByteRanges.of("bytes=" + wanted.range(), whole.sizeBytes());
            if (ranges == null || ranges.size() != 1) {
                problems.failure(name, "Unsatisfiable Range");
            } else {
                range = ranges.getFirst();
                boolean all = range.lengthBytes() == whole.sizeBytes();
                shownRange = all ? null : range.offset() + "-" + (range.end() - 1);
            }
        }
        if (problems.failureCount() > before) {
            return null;
        }
        boolean isStatic =
                LargeObject.of(object).filter(LargeObject.Static.class::isInstance).isPresent();
        return new Segment.Stored(
                wanted.container(),
                wanted.object(),
                whole.sizeBytes(),
                whole.etag(),
                ObjectHeaders.contentType(object),
                Times.iso(Times.roundedUp(object.writtenMicros()).getEpochSecond() * 1_000_000),
                shownRange,
                range.offset(),
                range.lengthBytes(),
                isStatic);
    }
}
