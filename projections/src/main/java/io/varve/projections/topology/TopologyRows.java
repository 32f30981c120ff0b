package io.varve.projections.topology;

import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.projections.EntityReader;
import io.varve.projections.EntityWriter;
import io.varve.projections.ViewDamagedException;

import java.util.UUID;

/** The values of the topology's rows. */
final class TopologyRows {
    private TopologyRows() {}

    /** The placement map and the epoch at which it became that. */
    record PlacedMap(long epoch, String text) {}

    static byte[] of(PlacedMap map) {
        return new EntityWriter().number(map.epoch()).text(map.text()).toBytes();
    }

    static PlacedMap map(byte[] value) {
        return EntityReader.read(value, r -> new PlacedMap(r.number(), r.text()));
    }

    static byte[] of(Device device) {
        PutDevice put = device.put();
        Device.State state = device.state();
        return new EntityWriter()
                .number(put.id())
                .number(put.uuid().getMostSignificantBits())
                .number(put.uuid().getLeastSignificantBits())
                .text(put.host())
                .text(put.rack())
                .text(put.site())
                .text(put.deviceClass())
                .number(put.weight())
                .text(put.directory())
                .number(put.capacityBytes())
                .number(put.basedOn())
                .number(code(state.reach()))
                .number(code(state.membership()))
                .number(state.share())
                .flag(state.automatic())
                .text(state.reason())
                .number(state.reachMicros())
                .number(state.membershipMicros())
                .number(device.addedMicros())
                .number(device.position())
                .toBytes();
    }

    static Device device(byte[] value) {
        return EntityReader.read(
                value, r -> new Device(putDevice(r), state(r), r.number(), r.number()));
    }

    private static PutDevice putDevice(EntityReader r) {
        return new PutDevice(
                (int) r.number(),
                new UUID(r.number(), r.number()),
                r.text(),
                r.text(),
                r.text(),
                r.text(),
                r.number(),
                r.text(),
                r.number(),
                r.number());
    }

    private static Device.State state(EntityReader r) {
        return new Device.State(
                reach(r.number()),
                membership(r.number()),
                (int) r.number(),
                r.flag(),
                r.text(),
                r.number(),
                r.number());
    }

    private static long code(Reach reach) {
        return switch (reach) {
            case UP -> 1;
            case DOWN -> 2;
        };
    }

    private static Reach reach(long code) {
        if (code == 1) {
            return Reach.UP;
        }
        if (code == 2) {
            return Reach.DOWN;
        }
        throw new ViewDamagedException("device with an unknown reach: " + code);
    }

    private static long code(Membership membership) {
        return switch (membership) {
            case IN -> 1;
            case OUT -> 2;
            case DRAINING -> 3;
        };
    }

    private static Membership membership(long code) {
        return switch ((int) code) {
            case 1 -> Membership.IN;
            case 2 -> Membership.OUT;
            case 3 -> Membership.DRAINING;
            default -> throw new ViewDamagedException("device with an unknown membership: " + code);
        };
    }

    /** Parity tells the schemes apart: copies have none. */
    static byte[] of(Pool pool) {
        PutPool put = pool.put();
        EntityWriter row = new EntityWriter().number(put.id()).text(put.name()).text(put.rule());
        switch (put.scheme()) {
            case PoolScheme.Copies(int count) -> row.number(count).number(0);
            case PoolScheme.Fragments(int data, int parity) -> row.number(data).number(parity);
        }
        return row.number(put.minCopies())
                .text(put.deviceClass())
                .text(put.compression())
                .number(put.basedOn())
                .number(pool.addedMicros())
                .number(pool.position())
                .toBytes();
    }

    static Pool pool(byte[] value) {
        return EntityReader.read(value, r -> new Pool(putPool(r), r.number(), r.number()));
    }

    private static PutPool putPool(EntityReader r) {
        return new PutPool(
                (int) r.number(),
                r.text(),
                r.text(),
                scheme((int) r.number(), (int) r.number()),
                (int) r.number(),
                r.text(),
                r.text(),
                r.number());
    }

    private static PoolScheme scheme(int first, int parity) {
        return parity == 0 ? new PoolScheme.Copies(first) : new PoolScheme.Fragments(first, parity);
    }

    static byte[] ofNumber(long number) {
        return new EntityWriter().number(number).toBytes();
    }

    static long number(byte[] value) {
        return EntityReader.read(value, EntityReader::number);
    }
}
