package io.varve.devices.pool;

import io.varve.devices.BlobId;
import io.varve.devices.log.Pacer;

import java.util.BitSet;

/** What backfill has to know of the pool it works for. Any thread. */
interface BackfillWork {
    /** The groups in which there may be something to do. */
    BitSet unsettled(GroupView groups);

    /** Payload that devices of home still lack in those groups, as far as can be told. */
    long lackingBytes(GroupView groups, BitSet unsettled);

    /**
     * Makes what home lacks of one blob, and drops what is elsewhere once all of home was verified.
     *
     * @param key what a device knows the blob, or a part of it, by
     */
    BlobRepair.Homecoming bringHome(BlobId key, Pacer pace);
}
