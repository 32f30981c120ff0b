package io.varve.projections.topology;

/** Why a topology change was not applied. */
public enum TopologyRefusal {
    NO_SUCH_DEVICE,
    /** There is a device of that number already. */
    DEVICE_EXISTS,
    /** A device has to be out or draining before it can be removed. */
    DEVICE_IN,
    NO_SUCH_POOL,
    /** There is a pool of that number already. */
    POOL_EXISTS,
    /** The name is another pool's. */
    NAME_TAKEN,
    /** Objects that ask for no pool are in it. */
    DEFAULT_POOL,
    /** A pool has to be closed before it can be removed. */
    POOL_OPEN,
    /** Blobs of the pool that had this number may be about. */
    POOL_REMOVED,
    /** What is in the pool was written by another scheme. */
    SCHEME_FIXED,
    /** It is not any more what the change was made from: read again, then retry. */
    CHANGED_MEANWHILE
}
