package io.varve.endpoint.large;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads the form in which a static large object keeps what it is made of: the document that Swift
 * shows for it, with every range in full.
 */
public final class Manifest {
    private static final String RANGE = "range";

    private Manifest() {}

    /**
     * @throws IllegalStateException when the bytes were not written by a front end
     */
    public static List<Segment> read(byte[] document) {
        try {
            List<Segment> segments = new ArrayList<>();
            for (JsonNode entry : Json.read(document)) {
                segments.add(read(entry));
            }
            return segments;
        } catch (JsonException e) {
            throw new IllegalStateException("the manifest of a large object is damaged", e);
        }
    }

    private static Segment read(JsonNode entry) {
        if (entry.has("data")) {
            return new Segment.Inline(Base64.getDecoder().decode(entry.get("data").textValue()));
        }
        String name = entry.get("name").textValue();
        int slash = name.indexOf('/', 1);
        long size = entry.get("bytes").longValue();
        String range = entry.has(RANGE) ? entry.get(RANGE).textValue() : null;
        int hyphen = range == null ? -1 : range.indexOf('-');
        long first = range == null ? 0 : Long.parseLong(range.substring(0, hyphen));
        long last = range == null ? size - 1 : Long.parseLong(range.substring(hyphen + 1));
        return new Segment.Stored(
                name.substring(1, slash),
                name.substring(slash + 1),
                size,
                entry.get("hash").textValue(),
                entry.get("content_type").textValue(),
                entry.get("last_modified").textValue(),
                range,
                first,
                last - first + 1,
                entry.path("sub_slo").booleanValue());
    }
}
