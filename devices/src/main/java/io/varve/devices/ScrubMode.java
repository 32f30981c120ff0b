package io.varve.devices;

/** How closely a scrub looks. */
public enum ScrubMode {
    /** Reads the head of each record that the index names, and its checksum. */
    LIGHT,
    /** Reads every byte as well. */
    DEEP
}
