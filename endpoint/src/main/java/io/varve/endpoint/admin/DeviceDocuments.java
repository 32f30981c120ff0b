package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.site.SiteTopology;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.placement.CrushMap;
import io.varve.placement.Weight;
import io.varve.projections.topology.Device;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Devices as documents: what the records say of them, and what they are doing now. */
final class DeviceDocuments {
    private final SiteTopology site;
    private final CrushMap map;
    private final Map<Integer, DeviceStats> stats = new HashMap<>();

    DeviceDocuments(SiteTopology site, CrushMap map) {
        this.site = site;
        this.map = map;
        site.stats().forEach(each -> stats.put(each.deviceId(), each));
    }

    ObjectNode of(Device device) {
        PutDevice put = device.put();
        Device.State state = device.state();
        DeviceStats now = stats.getOrDefault(device.id(), DeviceStats.missing(device.id()));
        ObjectNode document = Json.object().put("id", device.id());
        document.put("uuid", device.unformatted() ? "" : put.uuid().toString());
        document.put("host", put.host()).put("rack", put.rack()).put("site", put.site());
        document.put("class", put.deviceClass());
        document.put("state", word(state.reach())).put("membership", word(state.membership()));
        document.put("automatic", state.automatic());
        document.put("reason", reason(device, now));
        document.put("state_since", time(state.reachMicros()));
        document.put("membership_since", time(state.membershipMicros()));
        document.put("weight", new Weight(put.weight()).toDouble());
        document.put(
                "map_weight", MapPlaces.weight(map, device.id()).map(Weight::toDouble).orElse(0.0));
        document.put("in_map", map.device(device.id()).isPresent());
        document.put("reweight", state.share() / (double) TopologyChange.FULL_SHARE);
        document.put("directory", site.directory(device).toString());
        document.put("capacity_bytes", put.capacityBytes());
        document.put("added", time(device.addedMicros()));
        figures(document, now);
        return document;
    }

    /** What keeps it down says more than what the record says of that. */
    private String reason(Device device, DeviceStats now) {
        return now.state() == DeviceState.UP
                ? device.state().reason()
                : site.trouble(device.id()).orElse(device.state().reason());
    }

    private static void figures(ObjectNode document, DeviceStats now) {
        document.put("blobs", now.blobCount());
        document.put("live_bytes", now.liveBytes()).put("dead_bytes", now.deadBytes());
        document.put("segment_bytes", now.segmentBytes());
        document.put("writable_bytes", now.writableBytes());
        document.put("used_bytes", now.usedBytes());
        document.put("total_bytes", now.capacityBytes());
        document.put("used_share", now.usedShare());
        document.put("fullness", word(now.fullness()));
        document.put("queued_bytes", now.queuedBytes());
        document.put("written_bytes", now.traffic().writtenBytes());
        document.put("read_bytes", now.traffic().readBytes());
        document.put("read_micros", now.speed().readMicros());
        document.put("batch_micros", now.speed().batchMicros());
        document.put("slow", now.speed().slow());
        document.put("damaged_reads", now.traffic().damagedReads());
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String time(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
    }
}
