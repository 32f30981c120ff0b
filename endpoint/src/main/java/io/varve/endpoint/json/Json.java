package io.varve.endpoint.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads and writes JSON documents as trees. Stateless, safe for use by many threads.
 *
 * <p>What is read comes from clients: one value and nothing after it, nested at most {@value
 * #MAX_DEPTH} deep, no name twice in an object (two readers of such a document may each see another
 * value). The caller bounds the size.
 */
public final class Json {
    /** How deep documents may nest. */
    public static final int MAX_DEPTH = 64;

    private static final int MAX_NUMBER_CHARS = 64;

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxNumberLength(MAX_NUMBER_CHARS)
                                .build());
    }

    private Json() {}

    /**
     * @throws JsonException when it is not one JSON document within the limits
     */
    public static JsonNode read(byte[] document) throws JsonException {
        JsonNode node;
        try {
            node = MAPPER.readTree(document);
        } catch (JsonProcessingException e) {
            throw new JsonException(e.getOriginalMessage());
        } catch (IOException e) {
            // Bytes that are no UTF-8; there is no other I/O.
            throw new JsonException("not valid UTF-8");
        }
        if (node == null || node.isMissingNode()) {
            throw new JsonException("the document is empty");
        }
        return node;
    }

    /** As {@link #read(byte[])}. */
    public static JsonNode read(String document) throws JsonException {
        return read(document.getBytes(StandardCharsets.UTF_8));
    }

    /** In UTF-8, on one line. */
    public static byte[] write(JsonNode document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }
}
