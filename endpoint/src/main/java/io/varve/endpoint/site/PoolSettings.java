package io.varve.endpoint.site;

import io.varve.devices.CompactionPace;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The devices of a site and how they are used.
 *
 * @param name of the first pool
 * @param copies how many copies of a blob there should be, each in another failure domain
 * @param minCopies with how many a write is acknowledged when the devices of the others failed
 * @param failureDomain what two copies may not share; counts when the map is first laid out
 * @param segmentSizeBytes of the files of a device's log; counts when a device is formatted
 * @param lowSpaceBytes what writes leave free on a device's file system
 * @param compaction when and how fast a device wins back what is dead
 * @param repairBytesPerSecond most that background repair reads or writes
 * @param hangTimeout how long one batch or read may take before the device counts as failed
 * @param downOutInterval after how long a device that is down is taken out
 */
public record PoolSettings(
        List<SiteDevice> devices,
        String name,
        int copies,
        int minCopies,
        FailureDomainKind failureDomain,
        long segmentSizeBytes,
        long lowSpaceBytes,
        CompactionPace compaction,
        long repairBytesPerSecond,
        Duration hangTimeout,
        Duration downOutInterval) {

    /** What two copies of a blob may not share. */
    public enum FailureDomainKind {
        HOST,
        DEVICE
    }

    private static final List<String> DEFAULT_CLASSES = List.of("hdd", "ssd", "nvme");
    private static final int DEFAULT_HOSTS = 3;

    public PoolSettings {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("a site needs devices");
        }
    }

    /**
     * Nine devices in three hosts, one hdd, ssd and nvme each, as directories; three copies over
     * hosts.
     */
    public static PoolSettings nineDevices(Path directory) {
        List<SiteDevice> devices = new ArrayList<>();
        for (int host = 0; host < DEFAULT_HOSTS; host++) {
            for (String deviceClass : DEFAULT_CLASSES) {
                String name = "host" + host;
                devices.add(
                        new SiteDevice(
                                devices.size(),
                                name,
                                deviceClass,
                                1,
                                directory.resolve(name).resolve(deviceClass),
                                Long.MAX_VALUE));
            }
        }
        return new PoolSettings(
                devices,
                "default",
                3,
                2,
                FailureDomainKind.HOST,
                64L << 20,
                1L << 30,
                CompactionPace.DEFAULT,
                32L << 20,
                Duration.ofSeconds(10),
                Duration.ofMinutes(10));
    }

    public PoolSettings withDevices(List<SiteDevice> newDevices) {
        return new PoolSettings(
                newDevices,
                name,
                copies,
                minCopies,
                failureDomain,
                segmentSizeBytes,
                lowSpaceBytes,
                compaction,
                repairBytesPerSecond,
                hangTimeout,
                downOutInterval);
    }

    public PoolSettings withSegmentSizeBytes(long bytes) {
        return new PoolSettings(
                devices,
                name,
                copies,
                minCopies,
                failureDomain,
                bytes,
                lowSpaceBytes,
                compaction,
                repairBytesPerSecond,
                hangTimeout,
                downOutInterval);
    }

    public PoolSettings withLowSpaceBytes(long bytes) {
        return new PoolSettings(
                devices,
                name,
                copies,
                minCopies,
                failureDomain,
                segmentSizeBytes,
                bytes,
                compaction,
                repairBytesPerSecond,
                hangTimeout,
                downOutInterval);
    }

    public PoolSettings withDownOutInterval(Duration interval) {
        return new PoolSettings(
                devices,
                name,
                copies,
                minCopies,
                failureDomain,
                segmentSizeBytes,
                lowSpaceBytes,
                compaction,
                repairBytesPerSecond,
                hangTimeout,
                interval);
    }
}
