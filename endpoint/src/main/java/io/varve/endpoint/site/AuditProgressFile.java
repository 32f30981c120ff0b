package io.varve.endpoint.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.AuditMark;
import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How far the audit under way is, in the file {@value #NAME} of the site's directory, so that one
 * that is cut off goes on after a restart. A file that cannot be read counts as none.
 */
final class AuditProgressFile {
    static final String NAME = "audit-progress.json";

    private static final Logger LOG = Logger.getLogger(AuditProgressFile.class.getName());
    private static final int FORM = 1;

    private final Path file;

    /**
     * An audit of all pools, one after the other.
     *
     * @param startedMs when it began with the first, by the clock of the host
     * @param poolId which it is at
     * @param journalPosition where the view was when it began with that
     * @param mark how far it is with that
     */
    record UnderWay(long startedMs, int poolId, long journalPosition, AuditMark mark) {
        UnderWay at(AuditMark next) {
            return new UnderWay(startedMs, poolId, journalPosition, next);
        }
    }

    AuditProgressFile(Path siteDirectory) {
        this.file = siteDirectory.resolve(NAME);
    }

    /** Null when none was cut off. */
    @Nullable UnderWay read() {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            JsonNode document = Json.read(Files.readAllBytes(file));
            return document.path("form").asInt() == FORM ? underWay(document) : null;
        } catch (IOException | JsonException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, e, () -> "how far the audit was cannot be read: " + file);
            return null;
        }
    }

    private static UnderWay underWay(JsonNode document) {
        List<BlobId> lost = new ArrayList<>();
        document.path("lost_blobs").forEach(blob -> lost.add(BlobId.parse(blob.asText())));
        return new UnderWay(
                document.path("started_ms").asLong(),
                document.path("pool").asInt(),
                document.path("position").asLong(),
                new AuditMark(
                        document.path("parts_done").asInt(),
                        new AuditReport(
                                document.path("held").asLong(),
                                document.path("leftovers").asLong(),
                                document.path("dropped").asLong(),
                                document.path("owed").asLong(),
                                document.path("unreachable").asLong(),
                                document.path("lost").asLong(),
                                lost)));
    }

    /** Where it cannot be kept, an audit that is cut off begins anew. */
    void write(UnderWay audit) {
        AuditReport report = audit.mark().soFar();
        ObjectNode document = Json.object().put("form", FORM);
        document.put("started_ms", audit.startedMs()).put("pool", audit.poolId());
        document.put("position", audit.journalPosition());
        document.put("parts_done", audit.mark().partsDone());
        document.put("held", report.heldBlobs()).put("leftovers", report.leftovers());
        document.put("dropped", report.droppedLeftovers()).put("owed", report.repairsOwed());
        document.put("unreachable", report.unreachable()).put("lost", report.lost());
        ArrayNode lost = document.putArray("lost_blobs");
        report.lostBlobs().forEach(id -> lost.add(id.toString()));
        try {
            DurableFile.write(
                    file, new String(Json.write(document), StandardCharsets.UTF_8) + "\n");
        } catch (IOException e) {
            LOG.log(Level.WARNING, e, () -> "how far the audit is cannot be kept: " + file);
        }
    }

    /** The audit has ended. */
    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
