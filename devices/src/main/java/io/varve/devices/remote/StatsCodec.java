package io.varve.devices.remote;

import io.varve.devices.DeviceState;
import io.varve.devices.DeviceStats;
import io.varve.devices.Fullness;

import java.nio.ByteBuffer;

/** The figures of one device on the wire. */
final class StatsCodec {
    private static final DeviceState[] STATES = DeviceState.values();

    private StatsCodec() {}

    static void encode(DeviceStats stats, Body out) {
        out.put(stats.deviceId())
                .put(stats.state().ordinal())
                .put(stats.segmentCount())
                .put(stats.segmentBytes())
                .put(stats.liveBytes())
                .put(stats.deadBytes())
                .put(stats.writableBytes())
                .put(stats.blobCount())
                .put(stats.queuedBytes())
                .put(stats.speed().batchMicros());
        DeviceStats.Traffic traffic = stats.traffic();
        out.put(traffic.writtenBlobs())
                .put(traffic.writtenBytes())
                .put(traffic.deletedBlobs())
                .put(traffic.batches())
                .put(traffic.readBlobs())
                .put(traffic.readBytes())
                .put(traffic.damagedReads())
                .put(traffic.compactedBytes())
                .put(traffic.releasedSegments());
    }

    /**
     * What its set thinks of it, how fast reads of it are and how full it is, is not on the wire.
     */
    static DeviceStats decode(ByteBuffer in) {
        return new DeviceStats(
                in.getInt(),
                STATES[in.getInt()],
                in.getInt(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                new DeviceStats.Speed(0, in.getLong(), false),
                new DeviceStats.Traffic(
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong()),
                Fullness.ROOMY);
    }
}
