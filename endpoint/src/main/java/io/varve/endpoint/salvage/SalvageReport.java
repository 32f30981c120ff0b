package io.varve.endpoint.salvage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.log.DeviceLabel;
import io.varve.devices.pool.BlobSalvage;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.store.OwnerTag;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What the devices know, for people and programs. */
public final class SalvageReport {
    private final ObjectNode json = Json.object();
    private long objects;
    private long incomplete;
    private long bytes;

    private SalvageReport() {}

    public static SalvageReport of(
            BlobSalvage devices, SalvageCatalog catalog, Map<Long, String> bucketNames) {
        SalvageReport report = new SalvageReport();
        report.addDevices(devices);
        report.addObjects(catalog, bucketNames);
        report.json.put("objects_whole", report.objects);
        report.json.put("objects_incomplete", report.incomplete);
        report.json.put("bytes", report.bytes);
        report.json.put("blobs", catalog.blobCount());
        report.json.put("blobs_deleted", devices.deletedCount());
        report.json.put("blobs_unknown", catalog.strangeCount());
        ArrayNode unreadable = report.json.putArray("blobs_unreadable");
        catalog.unreadable().forEach(unreadable::add);
        return report;
    }

    private void addDevices(BlobSalvage devices) {
        ArrayNode list = json.putArray("devices");
        for (BlobSalvage.Source source : devices.sources()) {
            ObjectNode row = list.addObject().put("directory", source.directory().toString());
            DeviceLabel label = source.label();
            if (label != null) {
                row.put("id", label.deviceId());
                row.put("uuid", label.deviceUuid().toString());
                row.put("site", label.siteId().toString());
                row.put("blobs", source.blobCount());
            }
            if (source.problem() != null) {
                row.put("problem", source.problem());
            }
        }
    }

    private void addObjects(SalvageCatalog catalog, Map<Long, String> bucketNames) {
        ArrayNode list = json.putArray("objects");
        catalog.buckets()
                .forEach(
                        (id, found) -> {
                            String bucket = SalvageRecovery.bucketName(bucketNames, id);
                            found.values().forEach(object -> add(list, bucket, object));
                        });
    }

    private void add(ArrayNode list, String bucket, SalvagedObject object) {
        List<SalvagedVersion> versions = object.versions();
        SalvagedVersion whole = SalvagedObject.newestWhole(versions);
        SalvagedVersion shown = whole == null ? versions.getLast() : whole;
        ObjectNode row =
                list.addObject()
                        .put("bucket", bucket)
                        .put("bucket_id", object.bucketId())
                        .put("key", object.key())
                        .put("size", shown.sizeBytes())
                        .put("written", time(shown))
                        .put("versions", versions.size())
                        .put("upload", shown.isUpload())
                        .put("whole", whole != null);
        String gap = gapOfNewest(versions);
        if (gap != null) {
            row.put("missing", gap);
        }
        if (whole == null) {
            incomplete++;
        } else {
            objects++;
            bytes += whole.sizeBytes();
        }
    }

    /** Also told when an older version is whole and takes its place. */
    private static @Nullable String gapOfNewest(List<SalvagedVersion> versions) {
        return versions.getLast().gap();
    }

    private static String time(SalvagedVersion version) {
        long micros = OwnerTag.writtenMicros(version.writeId());
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }

    public ObjectNode json() {
        return json;
    }
}
