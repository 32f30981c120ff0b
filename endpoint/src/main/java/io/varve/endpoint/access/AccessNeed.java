package io.varve.endpoint.access;

/** What an access list must grant for a request. */
public enum AccessNeed {
    /** To see which objects a bucket has. */
    LIST(true),
    READ_OBJECT(true),
    /** To put, change or delete objects. */
    WRITE_OBJECT(false),
    READ_BUCKET_ACL(true),
    WRITE_BUCKET_ACL(false),
    READ_OBJECT_ACL(true),
    WRITE_OBJECT_ACL(false),
    /** To look at what no access list can show to others: the owner's affair. */
    OWNER_READ(true),
    /** To change what no access list can open to others. */
    OWNER_WRITE(false);

    private final boolean reads;

    AccessNeed(boolean reads) {
        this.reads = reads;
    }

    /** Whether somebody who may only look has enough. */
    public boolean reads() {
        return reads;
    }
}
