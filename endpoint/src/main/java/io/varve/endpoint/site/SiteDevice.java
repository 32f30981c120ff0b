package io.varve.endpoint.site;

import io.varve.devices.HostAddress;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * One device of a site.
 *
 * @param id its number in the placement map
 * @param host the host it is in, a failure domain
 * @param deviceClass hdd, ssd or nvme
 * @param weight its share of the data, relative to the others
 * @param storage the storage host that has it; null for this machine
 * @param directory where it lives, on a storage host below that host's own directory
 * @param capacityBytes how much of the file system it may take; {@link Long#MAX_VALUE} for all
 */
public record SiteDevice(
        int id,
        String host,
        String deviceClass,
        double weight,
        @Nullable HostAddress storage,
        Path directory,
        long capacityBytes) {

    /** One of this machine. */
    public SiteDevice(
            int id,
            String host,
            String deviceClass,
            double weight,
            Path directory,
            long capacityBytes) {
        this(id, host, deviceClass, weight, null, directory, capacityBytes);
    }
}
