package io.varve.endpoint.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteTopology;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.placement.CrushMap;
import io.varve.placement.Weight;
import io.varve.projections.topology.Device;
import io.varve.projections.topology.Topology;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** {@code /varve/v1/devices}. */
final class DeviceOperations implements AdminEndpoint.Operations {
    private static final int DEVICE_ID_MAX = (1 << 20) - 1;

    private final SiteTopology site;
    private final TopologyEdits edits;

    DeviceOperations(EmbeddedSite site, TopologyEdits edits) {
        this.site = site.topology();
        this.edits = edits;
    }

    @Override
    public @Nullable HttpResponse answer(AdminCall call) throws IOException {
        if (call.depth() == 0 || !call.part(0).equals("devices")) {
            return null;
        }
        if (call.is("GET", "devices")) {
            call.operation("ListDevices");
            return list();
        }
        if (call.is("GET", "devices", "*")) {
            call.operation("GetDevice");
            return shown(200, call.deviceId(1));
        }
        synchronized (edits) {
            return change(call);
        }
    }

    private HttpResponse change(AdminCall call) throws IOException {
        if (call.is("POST", "devices")) {
            call.operation("AddDevice");
            return add(call);
        }
        if (call.is("DELETE", "devices", "*")) {
            call.operation("RemoveDevice");
            return remove(call);
        }
        if (call.is("POST", "devices", "*", "out")) {
            call.operation("TakeDeviceOut");
            return leave(call, Membership.OUT);
        }
        if (call.is("POST", "devices", "*", "drain")) {
            call.operation("DrainDevice");
            return leave(call, Membership.DRAINING);
        }
        if (call.is("POST", "devices", "*", "in")) {
            call.operation("TakeDeviceIn");
            return enter(call);
        }
        if (call.is("POST", "devices", "*", "reweight")) {
            call.operation("ReweightDevice");
            return reweight(call);
        }
        if (call.is("POST", "devices", "*", "replace")) {
            call.operation("ReplaceDevice");
            return replace(call);
        }
        boolean known =
                call.fits("devices") || call.fits("devices", "*") || call.fits("devices", "*", "*");
        throw known ? AdminRefusal.methodNotAllowed() : AdminRefusal.noSuchPath();
    }

    private HttpResponse list() {
        Topology topology = site.current();
        DeviceDocuments documents = new DeviceDocuments(site, edits.map());
        ObjectNode answer = Json.object();
        answer.put("epoch", topology.epoch()).put("map_epoch", topology.mapEpoch());
        ArrayNode devices = answer.putArray("devices");
        topology.devices().values().forEach(device -> devices.add(documents.of(device)));
        return AdminCall.json(200, answer);
    }

    private static final long UP_WAIT_NANOS = 15_000_000_000L;
    private static final long UP_LOOK_NANOS = 50_000_000;

    private HttpResponse shown(int status, int id) {
        Device device = edits.device(id);
        ObjectNode answer = Json.object();
        answer.set("device", new DeviceDocuments(site, edits.map()).of(device));
        return AdminCall.json(status, answer);
    }

    /** First the record, then the device is opened, and only when it is up it gets its place. */
    private HttpResponse add(AdminCall call) throws IOException {
        AdminDocument wanted = call.document();
        wanted.requireOnly(
                "id", "host", "rack", "site", "class", "weight", "directory", "capacity_bytes");
        Topology topology = edits.current();
        CrushMap before = edits.map();
        int id = (int) wanted.number("id", freeId(topology, before), DEVICE_ID_MAX);
        PutDevice put =
                new PutDevice(
                        id,
                        TopologyChange.NO_UUID,
                        wanted.text("host"),
                        wanted.text("rack", ""),
                        wanted.text("site", ""),
                        wanted.text("class", "hdd"),
                        wanted.weight("weight", Weight.ONE).fixed(),
                        wanted.text("directory"),
                        wanted.number("capacity_bytes", 0, Long.MAX_VALUE),
                        0);
        boolean placed = before.device(id).isPresent();
        CrushMap after = placed ? before : MapPlaces.with(before, put);
        requireFree(topology, put);
        edits.make(call, put, "device " + id);
        edits.settle();
        awaitUp(id);
        if (!edits.device(id).up()) {
            String reason = site.trouble(id).orElse("it does not come up in time");
            takeBack(call, id);
            throw AdminRefusal.conflict("Device %d cannot be added: %s".formatted(id, reason));
        }
        if (!placed) {
            edits.place(call, edits.current().mapEpoch(), after);
            edits.settle();
        }
        return shown(201, id);
    }

    /** Another process of the site may be the one that records it. */
    private void awaitUp(int id) {
        long until = System.nanoTime() + UP_WAIT_NANOS;
        while (!edits.device(id).up() && site.trouble(id).isEmpty() && System.nanoTime() < until) {
            LockSupport.parkNanos(UP_LOOK_NANOS);
        }
    }

    private static int freeId(Topology topology, CrushMap map) {
        int id = 0;
        while (topology.device(id).isPresent() || map.device(id).isPresent()) {
            id++;
        }
        return id;
    }

    private void requireFree(Topology topology, PutDevice put) {
        if (topology.device(put.id()).isPresent()) {
            throw AdminRefusal.conflict("There is a device %d already.".formatted(put.id()));
        }
        requireOwnDirectory(topology, put);
    }

    private void requireOwnDirectory(Topology topology, PutDevice put) {
        Path wanted = site.directory(new Device(put, NEW, 0, 0)).normalize();
        for (Device other : topology.devices().values()) {
            Path taken = site.directory(other).normalize();
            boolean shared = taken.startsWith(wanted) || wanted.startsWith(taken);
            if (other.id() != put.id() && shared) {
                throw AdminRefusal.conflict(
                        "The directory %s is device %d's.".formatted(taken, other.id()));
            }
        }
    }

    private static final Device.State NEW =
            new Device.State(TopologyChange.Reach.DOWN, Membership.IN, 0, false, "", 0, 0);

    private void takeBack(AdminCall call, int id) {
        edits.make(call, membership(id, Membership.OUT, "could not be opened"), "device " + id);
        edits.make(call, new RemoveDevice(id), "device " + id);
    }

    private static SetDeviceState membership(int id, Membership membership, String reason) {
        return new SetDeviceState(id, null, membership, null, false, reason);
    }

    /**
     * A device that is drained is to leave for good: the map gives it no weight, so that nothing
     * moves once more when it is removed. One that is out is to come back: the map keeps it.
     */
    private HttpResponse leave(AdminCall call, Membership membership) throws IOException {
        int id = call.deviceId(1);
        AdminDocument wanted = call.document();
        wanted.requireOnly("reason");
        edits.device(id);
        CrushMap map = edits.map();
        boolean placed = map.device(id).isPresent();
        if (membership == Membership.DRAINING && placed) {
            edits.place(
                    call, edits.current().mapEpoch(), MapPlaces.withWeight(map, id, Weight.ZERO));
        }
        edits.make(call, membership(id, membership, wanted.text("reason", "")), "device " + id);
        edits.settle();
        return shown(200, id);
    }

    /** Also opens it again when it is down. */
    private HttpResponse enter(AdminCall call) throws IOException {
        int id = call.deviceId(1);
        AdminDocument wanted = call.document();
        wanted.requireOnly("reason");
        Device device = edits.device(id);
        site.reopen(id);
        edits.settle();
        edits.make(call, membership(id, Membership.IN, wanted.text("reason", "")), "device " + id);
        giveWeight(call, device.put());
        edits.settle();
        return shown(200, id);
    }

    private void giveWeight(AdminCall call, PutDevice device) {
        CrushMap map = edits.map();
        Weight weight = new Weight(device.weight());
        CrushMap after =
                map.device(device.id()).isPresent()
                        ? MapPlaces.withWeight(map, device.id(), weight)
                        : MapPlaces.with(map, device);
        edits.place(call, edits.current().mapEpoch(), after);
    }

    private HttpResponse reweight(AdminCall call) throws IOException {
        int id = call.deviceId(1);
        AdminDocument wanted = call.document();
        wanted.requireOnly("weight", "reweight");
        if (wanted.has("weight") == wanted.has("reweight")) {
            throw AdminRefusal.badRequest("weight or reweight is needed, and only one of them");
        }
        Device device = edits.device(id);
        if (wanted.has("reweight")) {
            int share = wanted.share("reweight");
            edits.make(call, new SetDeviceState(id, null, null, share, false, ""), "device " + id);
        } else {
            Weight weight = wanted.weight("weight", Weight.ONE);
            PutDevice put = changed(device, device.put().uuid(), device.put().directory(), weight);
            edits.make(call, put, "device " + id);
            if (device.state().membership() != Membership.DRAINING) {
                giveWeight(call, put);
            }
        }
        edits.settle();
        return shown(200, id);
    }

    private static PutDevice changed(Device device, UUID uuid, String directory, Weight weight) {
        PutDevice put = device.put();
        return new PutDevice(
                put.id(),
                uuid,
                put.host(),
                put.rack(),
                put.site(),
                put.deviceClass(),
                weight.fixed(),
                directory,
                put.capacityBytes(),
                device.position());
    }

    /** An empty drive takes the place of a device: same number, same place in the map. */
    private HttpResponse replace(AdminCall call) throws IOException {
        int id = call.deviceId(1);
        AdminDocument wanted = call.document();
        wanted.requireOnly("directory", "force");
        Device device = edits.device(id);
        if (stats(id).state() == DeviceState.UP && !wanted.flag("force")) {
            throw AdminRefusal.conflict(
                    ("Device %d is up: its copies would be lost. Drain it first, or force it when"
                                    + " there are enough other copies.")
                            .formatted(id));
        }
        PutDevice put =
                changed(
                        device,
                        TopologyChange.NO_UUID,
                        wanted.text("directory", device.put().directory()),
                        new Weight(device.put().weight()));
        requireOwnDirectory(edits.current(), put);
        edits.make(call, put, "device " + id);
        edits.settle();
        if (!edits.device(id).up()) {
            String reason = site.trouble(id).orElse("it does not come up in time");
            throw AdminRefusal.conflict(
                    "Device %d is to be replaced, but: %s. It is tried again from time to time."
                            .formatted(id, reason));
        }
        edits.make(call, membership(id, Membership.IN, "replaced"), "device " + id);
        giveWeight(call, put);
        edits.settle();
        return shown(200, id);
    }

    private DeviceStats stats(int id) {
        return site.stats().stream()
                .filter(each -> each.deviceId() == id)
                .findFirst()
                .orElseGet(() -> DeviceStats.missing(id));
    }

    private HttpResponse remove(AdminCall call) {
        int id = call.deviceId(1);
        boolean force = call.hasQuery("force");
        Device device = edits.device(id);
        if (device.in()) {
            throw AdminRefusal.conflict(
                    "Device %d is in: drain it, and remove it when it is empty.".formatted(id));
        }
        long blobs = stats(id).blobCount();
        if (blobs > 0 && !force) {
            throw AdminRefusal.conflict(
                    ("Device %d still holds %d blobs. Wait until it is empty, or force it when all"
                                    + " of them are elsewhere.")
                            .formatted(id, blobs));
        }
        CrushMap map = edits.map();
        if (map.device(id).isPresent()) {
            edits.place(call, edits.current().mapEpoch(), MapPlaces.without(map, id));
        }
        edits.make(call, new RemoveDevice(id), "device " + id);
        edits.settle();
        return HttpResponse.status(204).build();
    }
}
