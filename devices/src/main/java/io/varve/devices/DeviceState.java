package io.varve.devices;

/** What a device can do for its pool. */
public enum DeviceState {
    /** Takes reads and writes. */
    UP,
    /** A write or sync failed or hung: nothing more is written; what can still be read may be. */
    FAILED,
    /** Never came up: directory gone, empty, damaged or another device's. */
    MISSING,
    /** On a host that cannot be reached; it comes back by itself. */
    AWAY,
    /** Shut down. */
    CLOSED
}
