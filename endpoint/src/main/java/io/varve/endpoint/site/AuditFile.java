package io.varve.endpoint.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.site.AuditFindings.Owner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps what the last audits found over a restart, in the file {@value #NAME} of the site's
 * directory: what is lost stays told. A file that cannot be read counts as none: the next audit
 * makes it anew.
 */
final class AuditFile {
    static final String NAME = "audit.json";

    private static final Logger LOG = Logger.getLogger(AuditFile.class.getName());
    private static final int FORM = 1;

    private final Path file;

    AuditFile(Path siteDirectory) {
        this.file = siteDirectory.resolve(NAME);
    }

    /** By pool. */
    SortedMap<Integer, AuditFindings> read() {
        SortedMap<Integer, AuditFindings> findings = new TreeMap<>();
        if (!Files.exists(file)) {
            return findings;
        }
        try {
            JsonNode document = Json.read(Files.readAllBytes(file));
            if (document.path("form").asInt() != FORM) {
                return findings;
            }
            for (JsonNode pool : document.path("pools")) {
                findings.put(pool.path("pool").asInt(), findings(pool));
            }
        } catch (IOException | JsonException | IllegalArgumentException e) {
            LOG.log(Level.WARNING, e, () -> "what the last audit found cannot be read: " + file);
            findings.clear();
        }
        return findings;
    }

    private static AuditFindings findings(JsonNode pool) {
        List<BlobId> lost = new ArrayList<>();
        pool.path("lost_blobs").forEach(blob -> lost.add(BlobId.parse(blob.asText())));
        List<Owner> owners = new ArrayList<>();
        for (JsonNode owner : pool.path("owners")) {
            owners.add(
                    new Owner(
                            BlobId.parse(owner.path("blob").asText()),
                            owner.path("role").asText(),
                            owner.path("bucket").asText(),
                            owner.path("key").asText(),
                            owner.path("position").asLong(),
                            owner.path("part").asInt()));
        }
        return new AuditFindings(
                pool.path("pool").asInt(),
                pool.path("ended_ms").asLong(),
                pool.path("position").asLong(),
                new AuditReport(
                        pool.path("held").asLong(),
                        pool.path("leftovers").asLong(),
                        pool.path("dropped").asLong(),
                        pool.path("owed").asLong(),
                        pool.path("unreachable").asLong(),
                        pool.path("lost").asLong(),
                        lost),
                owners);
    }

    void write(SortedMap<Integer, AuditFindings> findings) throws IOException {
        ObjectNode document = Json.object().put("form", FORM);
        ArrayNode pools = document.putArray("pools");
        findings.values().forEach(each -> put(pools.addObject(), each));
        DurableFile.write(file, new String(Json.write(document), StandardCharsets.UTF_8) + "\n");
    }

    private static void put(ObjectNode pool, AuditFindings findings) {
        AuditReport report = findings.report();
        pool.put("pool", findings.poolId()).put("ended_ms", findings.endedMs());
        pool.put("position", findings.journalPosition());
        pool.put("held", report.heldBlobs()).put("leftovers", report.leftovers());
        pool.put("dropped", report.droppedLeftovers()).put("owed", report.repairsOwed());
        pool.put("unreachable", report.unreachable()).put("lost", report.lost());
        ArrayNode lost = pool.putArray("lost_blobs");
        report.lostBlobs().forEach(id -> lost.add(id.toString()));
        ArrayNode owners = pool.putArray("owners");
        for (Owner owner : findings.owners()) {
            owners.addObject()
                    .put("blob", owner.blobId().toString())
                    .put("role", owner.role())
                    .put("bucket", owner.bucket())
                    .put("key", owner.key())
                    .put("position", owner.position())
                    .put("part", owner.partNumber());
        }
    }
}
