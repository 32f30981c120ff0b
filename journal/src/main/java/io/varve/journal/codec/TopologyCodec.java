package io.varve.journal.codec;

import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.journal.wire.ChangePlacementMapWire;
import io.varve.journal.wire.DeviceMembershipWire;
import io.varve.journal.wire.DeviceReachWire;
import io.varve.journal.wire.PutDeviceWire;
import io.varve.journal.wire.PutPoolWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.RemoveDeviceWire;
import io.varve.journal.wire.RemovePoolWire;
import io.varve.journal.wire.SetDeviceStateWire;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/** Topology changes: {@code topology.proto}. */
final class TopologyCodec {
    private TopologyCodec() {}

    static void encode(TopologyChange change, RecordWire.Builder wire) {
        switch (change) {
            case ChangePlacementMap c ->
                    wire.setChangePlacementMap(
                            ChangePlacementMapWire.newBuilder()
                                    .setExpectedEpoch(c.expectedEpoch())
                                    .setMap(c.map()));
            case PutDevice c -> wire.setPutDevice(encode(c));
            case SetDeviceState c -> wire.setSetDeviceState(encode(c));
            case RemoveDevice c ->
                    wire.setRemoveDevice(RemoveDeviceWire.newBuilder().setId(c.id()));
            case PutPool c -> wire.setPutPool(encode(c));
            case RemovePool c ->
                    wire.setRemovePool(
                            RemovePoolWire.newBuilder().setId(c.id()).setBasedOn(c.basedOn()));
        }
    }

    private static PutDeviceWire encode(PutDevice c) {
        return PutDeviceWire.newBuilder()
                .setId(c.id())
                .setUuidHigh(c.uuid().getMostSignificantBits())
                .setUuidLow(c.uuid().getLeastSignificantBits())
                .setHost(c.host())
                .setRack(c.rack())
                .setSite(c.site())
                .setDeviceClass(c.deviceClass())
                .setWeight(c.weight())
                .setDirectory(c.directory())
                .setCapacityBytes(c.capacityBytes())
                .setBasedOn(c.basedOn())
                .build();
    }

    private static SetDeviceStateWire encode(SetDeviceState c) {
        SetDeviceStateWire.Builder wire =
                SetDeviceStateWire.newBuilder()
                        .setId(c.id())
                        .setReach(encode(c.reach()))
                        .setMembership(encode(c.membership()))
                        .setAutomatic(c.automatic())
                        .setReason(c.reason());
        Integer share = c.share();
        if (share != null) {
            wire.setShare(share);
        }
        return wire.build();
    }

    private static DeviceReachWire encode(@Nullable Reach reach) {
        return switch (reach) {
            case null -> DeviceReachWire.DEVICE_REACH_UNCHANGED;
            case UP -> DeviceReachWire.DEVICE_REACH_UP;
            case DOWN -> DeviceReachWire.DEVICE_REACH_DOWN;
        };
    }

    private static DeviceMembershipWire encode(@Nullable Membership membership) {
        return switch (membership) {
            case null -> DeviceMembershipWire.DEVICE_MEMBERSHIP_UNCHANGED;
            case IN -> DeviceMembershipWire.DEVICE_MEMBERSHIP_IN;
            case OUT -> DeviceMembershipWire.DEVICE_MEMBERSHIP_OUT;
            case DRAINING -> DeviceMembershipWire.DEVICE_MEMBERSHIP_DRAINING;
        };
    }

    private static PutPoolWire encode(PutPool c) {
        PutPoolWire.Builder wire =
                PutPoolWire.newBuilder()
                        .setId(c.id())
                        .setName(c.name())
                        .setRule(c.rule())
                        .setMinCopies(c.minCopies())
                        .setDeviceClass(c.deviceClass())
                        .setCompression(c.compression())
                        .setBasedOn(c.basedOn())
                        .addAllOtherNames(c.options().otherNames())
                        .setClosed(c.options().closed());
        Integer copiedBytesMax = c.options().copiedBytesMax();
        if (copiedBytesMax != null) {
            wire.setCopiedBytesMax(copiedBytesMax);
        }
        return switch (c.scheme()) {
            case PoolScheme.Copies(int count) -> wire.setCopies(count).build();
            case PoolScheme.Fragments(int data, int parity) ->
                    wire.setDataFragments(data).setParityFragments(parity).build();
        };
    }

    static ChangePlacementMap decode(ChangePlacementMapWire wire) {
        ContentCodec.requireKnown("change placement map", wire);
        return new ChangePlacementMap(wire.getExpectedEpoch(), wire.getMap());
    }

    static PutDevice decode(PutDeviceWire wire) {
        ContentCodec.requireKnown("put device", wire);
        return new PutDevice(
                wire.getId(),
                new UUID(wire.getUuidHigh(), wire.getUuidLow()),
                wire.getHost(),
                wire.getRack(),
                wire.getSite(),
                wire.getDeviceClass(),
                wire.getWeight(),
                wire.getDirectory(),
                wire.getCapacityBytes(),
                wire.getBasedOn());
    }

    static SetDeviceState decode(SetDeviceStateWire wire) {
        ContentCodec.requireKnown("set device state", wire);
        return new SetDeviceState(
                wire.getId(),
                decode(wire.getReach()),
                decode(wire.getMembership()),
                wire.hasShare() ? wire.getShare() : null,
                wire.getAutomatic(),
                wire.getReason());
    }

    private static @Nullable Reach decode(DeviceReachWire wire) {
        return switch (wire) {
            case DEVICE_REACH_UNCHANGED -> null;
            case DEVICE_REACH_UP -> Reach.UP;
            case DEVICE_REACH_DOWN -> Reach.DOWN;
            case UNRECOGNIZED ->
                    throw new MalformedRecordException("unknown reach of a device: " + wire);
        };
    }

    private static @Nullable Membership decode(DeviceMembershipWire wire) {
        return switch (wire) {
            case DEVICE_MEMBERSHIP_UNCHANGED -> null;
            case DEVICE_MEMBERSHIP_IN -> Membership.IN;
            case DEVICE_MEMBERSHIP_OUT -> Membership.OUT;
            case DEVICE_MEMBERSHIP_DRAINING -> Membership.DRAINING;
            case UNRECOGNIZED ->
                    throw new MalformedRecordException("unknown membership of a device: " + wire);
        };
    }

    static RemoveDevice decode(RemoveDeviceWire wire) {
        ContentCodec.requireKnown("remove device", wire);
        return new RemoveDevice(wire.getId());
    }

    static PutPool decode(PutPoolWire wire) {
        ContentCodec.requireKnown("put pool", wire);
        boolean fragments = wire.getDataFragments() != 0 || wire.getParityFragments() != 0;
        if (fragments && wire.getCopies() != 0) {
            throw new MalformedRecordException("a pool has both copies and fragments");
        }
        return new PutPool(
                wire.getId(),
                wire.getName(),
                wire.getRule(),
                fragments
                        ? new PoolScheme.Fragments(
                                wire.getDataFragments(), wire.getParityFragments())
                        : new PoolScheme.Copies(wire.getCopies()),
                wire.getMinCopies(),
                wire.getDeviceClass(),
                wire.getCompression(),
                new PoolOptions(
                        wire.getOtherNamesList(),
                        wire.hasCopiedBytesMax() ? wire.getCopiedBytesMax() : null,
                        wire.getClosed()),
                wire.getBasedOn());
    }

    static RemovePool decode(RemovePoolWire wire) {
        ContentCodec.requireKnown("remove pool", wire);
        return new RemovePool(wire.getId(), wire.getBasedOn());
    }
}
