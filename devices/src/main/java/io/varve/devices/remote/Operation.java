package io.varve.devices.remote;

import org.jspecify.annotations.Nullable;

/** What is asked of a storage host. All of it may be asked twice and comes to the same. */
enum Operation {
    /** The first of a connection: which versions of the protocol the caller speaks. */
    HELLO(1),
    /** Opens a device, unless it is open. */
    ATTACH(2),
    /** Closes a device. */
    DETACH(3),
    WRITE(4),
    DELETE(5),
    LENGTH(6),
    READ(7),
    OWNER_TAG(8),
    LIST(9),
    KEEP_TALLY(10),
    TALLY(11),
    /** The figures of some devices: also the heartbeat of a connection. */
    STATS(12),
    SCRUB_MARK(13),
    KEEP_SCRUB_MARK(14),
    REPAIR_LABEL(15),
    REPAIR_SEGMENTS(16);

    private static final Operation[] ALL = values();

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** Its number on the wire, which never changes. */
    byte code() {
        return (byte) code;
    }

    /** Null for one of a newer version. */
    static @Nullable Operation of(byte code) {
        return code > 0 && code <= ALL.length ? ALL[code - 1] : null;
    }
}
