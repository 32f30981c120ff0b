package io.varve.devices;

/** How much of a device, or of what a pool can use, is taken. */
public enum Fullness {
    ROOMY,
    /** Somebody should see to more room. */
    NEAR_FULL,
    /** New blobs are refused; what is left is for deletes, compaction and repair. */
    FULL
}
