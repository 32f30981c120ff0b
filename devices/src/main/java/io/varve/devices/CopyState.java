package io.varve.devices;

/** What a check of one copy found. */
public enum CopyState {
    /** All bytes match their checksums. */
    GOOD,
    /** The device does not have it. */
    MISSING,
    /** It is there but does not match its checksums, or cannot be read. */
    DAMAGED,
    /** The device could not be asked. */
    UNREACHABLE
}
