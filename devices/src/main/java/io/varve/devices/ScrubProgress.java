package io.varve.devices;

/**
 * How far the scrub of one device is.
 *
 * @param deviceId the device
 * @param mode the scrub under way or next to come
 * @param partsDone of {@link #PARTS}; a scrub that was cut off goes on there, also after a restart
 * @param lastLightMs when a light one last ended, milliseconds since 1970; 0 = never
 * @param lastDeepMs when a deep one last ended; 0 = never
 */
public record ScrubProgress(
        int deviceId, ScrubMode mode, int partsDone, long lastLightMs, long lastDeepMs) {
    public static final int PARTS = 256;
}
