package io.varve.placement;

import org.jspecify.annotations.Nullable;

/**
 * A device as placement sees it.
 *
 * @param id its number, 0 or above; numbers may have gaps
 * @param name unique among devices and failure domains
 * @param deviceClass hdd, ssd, nvme or any other word; null when the device has none
 */
public record CrushDevice(int id, String name, @Nullable String deviceClass) {}
