package io.varve.devices.pool;

import io.varve.devices.BlobId;

import java.util.Map;

/** What an audit sees of a pool's devices. Any thread. */
interface AuditSource {
    /**
     * What devices have of a blob.
     *
     * @param reachable whether it can be read from those that are up
     * @param atHome whether all of it is where it belongs, and nothing elsewhere
     */
    record Held(boolean reachable, boolean atHome) {}

    /** About how many records there are. */
    long copies();

    /** The blobs of some parts, as {@code DeviceLog.partOf} tells of their ids. */
    Map<BlobId, Held> held(int fromPart, int toPart);

    /** Whether it can be read now. */
    boolean isReachable(BlobId blobId);

    /** Whether it could be read if all devices were up. */
    boolean isAnywhere(BlobId blobId);

    /** Whether any device has any of it. */
    boolean isHeld(BlobId blobId);

    boolean allUp();
}
