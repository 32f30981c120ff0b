package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.AuditReport;
import io.varve.devices.BackfillProgress;
import io.varve.devices.PoolCapacity;
import io.varve.devices.PoolHealth;
import io.varve.devices.ScrubProgress;
import io.varve.endpoint.site.AuditFindings;
import io.varve.endpoint.site.AuditFindings.Owner;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** How pools are, as documents. */
final class PoolDocuments {
    private PoolDocuments() {}

    static void health(ObjectNode document, PoolHealth health) {
        document.put("whole", health.whole()).put("blobs", health.blobs());
        document.put("copies", health.copies()).put("bytes", health.bytes());
        document.put("degraded_copies", health.degradedCopies());
        document.put("misplaced_copies", health.misplacedCopies());
        document.put("undersized_groups", health.undersizedGroups());
        document.put("unreachable_blobs", health.unreachableBlobs());
        document.put("lost_blobs", health.lostBlobs());
    }

    static void capacity(ObjectNode document, PoolCapacity capacity) {
        document.put("usable_bytes", capacity.usableBytes());
        document.put("used_bytes", capacity.usedBytes());
        document.put("available_bytes", capacity.availableBytes());
        document.put("fullness", DeviceDocuments.word(capacity.fullness()));
        document.put("full_groups", capacity.fullGroups());
    }

    static void backfill(ObjectNode document, BackfillProgress backfill) {
        document.put("backfill_groups_remaining", backfill.groupsRemaining());
        document.put("backfill_bytes_remaining", backfill.bytesRemaining());
        document.put("backfill_bytes_per_second", backfill.bytesPerSecond());
        document.put("backfill_seconds_remaining", backfill.secondsRemaining());
        document.put("backfill_copied_bytes", backfill.copiedBytes());
        document.put("backfill_failures", backfill.failures());
    }

    /** How far the scrub of each device is; times are of the last that ended. */
    static void scrubs(ArrayNode documents, List<ScrubProgress> scrubs) {
        for (ScrubProgress scrub : scrubs) {
            ObjectNode document = documents.addObject().put("device", scrub.deviceId());
            document.put("mode", DeviceDocuments.word(scrub.mode()));
            document.put("progress", (double) scrub.partsDone() / ScrubProgress.PARTS);
            document.put("last_light", ended(scrub.lastLightMs()));
            document.put("last_deep", ended(scrub.lastDeepMs()));
        }
    }

    private static String ended(long ms) {
        return ms == 0 ? "" : DeviceDocuments.time(TimeUnit.MILLISECONDS.toMicros(ms));
    }

    /** Without the blobs that were lost, of which there may be many. */
    static void audit(ObjectNode document, AuditFindings found) {
        AuditReport report = found.report();
        long endedMicros = TimeUnit.MILLISECONDS.toMicros(found.endedMs());
        document.put("ended", DeviceDocuments.time(endedMicros));
        document.put("journal_position", found.journalPosition());
        document.put("clean", report.clean());
        document.put("held_blobs", report.heldBlobs());
        document.put("leftovers", report.leftovers());
        document.put("dropped_leftovers", report.droppedLeftovers());
        document.put("repairs_owed", report.repairsOwed());
        document.put("unreachable_blobs", report.unreachable());
        document.put("lost_blobs", report.lost());
    }

    /** The blobs that were lost, and what they belong to. */
    static void lost(ObjectNode document, AuditFindings found) {
        ArrayNode ids = document.putArray("lost");
        found.report().lostBlobs().forEach(id -> ids.add(id.toString()));
        ArrayNode owners = document.putArray("lost_objects");
        for (Owner owner : found.owners()) {
            owners.addObject()
                    .put("bucket", owner.bucket())
                    .put("key", owner.key())
                    .put("role", owner.role())
                    .put("position", owner.position())
                    .put("part", owner.partNumber())
                    .put("blob", owner.blobId().toString());
        }
    }
}
