package io.varve.projections.topology;

import io.varve.journal.record.PoolOptions;
import io.varve.journal.record.PoolScheme;
import io.varve.journal.record.TopologyChange.Membership;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.Reach;
import io.varve.projections.EntityReader;
import io.varve.projections.EntityWriter;
import io.varve.projections.ViewDamagedException;

import java.util.List;
import java.util.UUID;

/** The values of the topology's rows. */
final class TopologyRows {
    /** Stands for a length that is not set. */
    private static final long USUAL = -1;

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
        row.number(put.minCopies())
                .text(put.deviceClass())
                .text(put.compression())
                .number(put.basedOn())
                .number(pool.addedMicros())
                .number(pool.position());
        PoolOptions options = put.options();
        if (!options.equals(PoolOptions.NONE)) {
            Integer copied = options.copiedBytesMax();
            row.texts(options.otherNames())
                    .number(copied == null ? USUAL : copied)
                    .flag(options.closed());
        }
        return row.toBytes();
    }

    static Pool pool(byte[] value) {
        return EntityReader.read(value, TopologyRows::pool);
    }

    private static Pool pool(EntityReader r) {
        int id = (int) r.number();
        String name = r.text();
        String rule = r.text();
        PoolScheme scheme = scheme((int) r.number(), (int) r.number());
        int minCopies = (int) r.number();
        String deviceClass = r.text();
        String compression = r.text();
        long basedOn = r.number();
        long addedMicros = r.number();
        long position = r.number();
        PoolOptions options = r.more() ? options(r) : PoolOptions.NONE;
        PutPool put =
                new PutPool(
                        id,
                        name,
                        rule,
                        scheme,
                        minCopies,
                        deviceClass,
                        compression,
                        options,
                        basedOn);
        return new Pool(put, addedMicros, position);
    }

    private static PoolOptions options(EntityReader r) {
        List<String> otherNames = r.texts();
        long copied = r.number();
        return new PoolOptions(otherNames, copied == USUAL ? null : (int) copied, r.flag());
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
