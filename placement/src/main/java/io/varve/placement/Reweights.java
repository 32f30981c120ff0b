package io.varve.placement;

import java.util.Arrays;

/**
 * Per device the share of its mappings that it keeps: 1.0 where nothing else is said, 0.0 for a
 * device that is out. What a device gives up goes to the others by further attempts, so unlike a
 * weight in the tree this moves nothing between other devices' subtrees. Immutable.
 */
public final class Reweights {
    /** Every device is fully in. */
    public static final Reweights NONE = new Reweights(new int[0]);

    private static final int FULL = 0x10000;

    /** By device id; devices beyond the end are fully in. */
    private final int[] byDevice;

    private Reweights(int[] byDevice) {
        this.byDevice = byDevice;
    }

    /**
     * Returns these reweights with one device's changed.
     *
     * @param share 0.0 (out) to 1.0 (fully in); values outside are cut to that
     * @throws IllegalArgumentException when the device id is not one or the share is not a number
     */
    public Reweights with(int deviceId, double share) {
        if (deviceId < 0 || deviceId > CrushMap.DEVICE_ID_MAX || Double.isNaN(share)) {
            throw new IllegalArgumentException(
                    "cannot reweight device " + deviceId + " to " + share);
        }
        int size = Math.max(byDevice.length, deviceId + 1);
        int[] changed = Arrays.copyOf(byDevice, size);
        Arrays.fill(changed, byDevice.length, size, FULL);
        changed[deviceId] = (int) ((float) Math.clamp(share, 0.0, 1.0) * FULL);
        return new Reweights(changed);
    }

    /**
     * Reads lines of {@code DEVICE-ID SHARE}, as many as there are; empty lines and comments from
     * {@code #} on are skipped.
     *
     * @throws CrushMapException naming the line that is not of this form
     */
    public static Reweights parse(String text) {
        Reweights result = NONE;
        int lineNumber = 0;
        for (String line : text.lines().toList()) {
            lineNumber++;
            String content = line.replaceFirst("#.*", "").strip();
            if (content.isEmpty()) {
                continue;
            }
            String[] words = content.split("\\s+", -1);
            if (words.length != 2) {
                throw new CrushMapException(lineNumber, "expected 'device-id share': " + content);
            }
            try {
                result = result.with(Integer.parseInt(words[0]), Float.parseFloat(words[1]));
            } catch (IllegalArgumentException e) {
                throw new CrushMapException(lineNumber, "expected 'device-id share': " + content);
            }
        }
        return result;
    }

    /** The share that a device keeps, 0.0 to 1.0. */
    public double share(int deviceId) {
        return fixed(deviceId) / (double) FULL;
    }

    /** Whether this device does not take this input. */
    boolean rejects(int deviceId, int x) {
        int share = fixed(deviceId);
        if (share == FULL) {
            return false;
        }
        return share == 0 || (Rjenkins.hash(x, deviceId) & 0xffff) >= share;
    }

    private int fixed(int deviceId) {
        return deviceId < byDevice.length ? byDevice[deviceId] : FULL;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Reweights that)) {
            return false;
        }
        int size = Math.max(byDevice.length, that.byDevice.length);
        for (int device = 0; device < size; device++) {
            if (fixed(device) != that.fixed(device)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (int device = 0; device < byDevice.length; device++) {
            if (byDevice[device] != FULL) {
                hash = 31 * hash + device * 131 + byDevice[device];
            }
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("Reweights[");
        for (int device = 0; device < byDevice.length; device++) {
            if (byDevice[device] != FULL) {
                out.append(device).append('=').append(share(device)).append(' ');
            }
        }
        return out.toString().stripTrailing() + "]";
    }
}
