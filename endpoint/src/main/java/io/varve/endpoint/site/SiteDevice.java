package io.varve.endpoint.site;

import java.nio.file.Path;

/**
 * One device of a site.
 *
 * @param id its number in the placement map
 * @param host the host it is in, a failure domain
 * @param deviceClass hdd, ssd or nvme
 * @param weight its share of the data, relative to the others
 * @param directory where it lives
 * @param capacityBytes how much of the file system it may take; {@link Long#MAX_VALUE} for all
 */
public record SiteDevice(
        int id,
        String host,
        String deviceClass,
        double weight,
        Path directory,
        long capacityBytes) {}
