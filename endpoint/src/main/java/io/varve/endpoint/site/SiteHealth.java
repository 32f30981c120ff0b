package io.varve.endpoint.site;

import java.util.Optional;

/**
 * How a site is, at about one moment.
 *
 * @param fault why no change is taken any more until the site is opened anew; empty while all is
 *     well
 * @param lowSpace whether writes are refused because journal or view are short of space
 * @param devicesUp how many devices take reads and writes
 * @param deviceCount how many there should be
 * @param writableDevicesMin with fewer devices up no write can succeed
 * @param deficitCount blobs known to have fewer good copies than wanted
 * @param journalPosition of the last durable record
 * @param viewPosition of the last record applied
 */
public record SiteHealth(
        Optional<String> fault,
        boolean lowSpace,
        int devicesUp,
        int deviceCount,
        int writableDevicesMin,
        int deficitCount,
        long journalPosition,
        long viewPosition) {

    /** Whether the site can serve reads and writes. */
    public boolean ready() {
        return fault.isEmpty() && devicesUp >= writableDevicesMin;
    }
}
