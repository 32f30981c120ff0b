package io.varve.endpoint.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.store.StoreException;
import io.varve.endpoint.store.StoreException.Category;
import io.varve.endpoint.transition.KeptTransitions;
import io.varve.endpoint.transition.TransitionRequest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Transitions that have not ended, in the file {@value #NAME} of the site's directory. One that
 * cannot be read counts as none: what is to move can be asked for again.
 */
final class TransitionsFile implements KeptTransitions {
    static final String NAME = "transitions.json";

    private static final Logger LOG = Logger.getLogger(TransitionsFile.class.getName());
    private static final int FORM = 1;

    private final Path file;

    TransitionsFile(Path siteDirectory) {
        this.file = siteDirectory.resolve(NAME);
    }

    @Override
    public List<Kept> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Kept> requests = new ArrayList<>();
        try {
            JsonNode document = Json.read(Files.readAllBytes(file));
            if (document.path("form").asInt() != FORM) {
                throw new IOException("of another form: " + document.path("form"));
            }
            document.path("transitions").forEach(each -> requests.add(kept(each)));
            return requests;
        } catch (IOException | JsonException e) {
            LOG.log(Level.WARNING, e, () -> "what was to move cannot be read: " + file);
            return List.of();
        }
    }

    private static Kept kept(JsonNode document) {
        return new Kept(
                document.path("id").asLong(),
                new TransitionRequest(
                        document.path("bucket").asLong(),
                        document.path("prefix").asText(),
                        document.path("storage_class").asText(),
                        document.path("written_before_micros").asLong(),
                        document.path("noncurrent").asBoolean()),
                document.path("principal").asText());
    }

    @Override
    public void write(List<Kept> requests) {
        ObjectNode document = Json.object().put("form", FORM);
        ArrayNode list = document.putArray("transitions");
        for (Kept each : requests) {
            TransitionRequest request = each.request();
            list.addObject()
                    .put("id", each.id())
                    .put("bucket", request.bucketId())
                    .put("prefix", request.prefix())
                    .put("storage_class", request.storageClass())
                    .put("written_before_micros", request.writtenBeforeMicros())
                    .put("noncurrent", request.noncurrent())
                    .put("principal", each.principal());
        }
        try {
            DurableFile.write(
                    file, new String(Json.write(document), StandardCharsets.UTF_8) + "\n");
        } catch (IOException e) {
            throw new StoreException(
                    Category.UNAVAILABLE, "what is to move cannot be kept: " + file, e);
        }
    }
}
