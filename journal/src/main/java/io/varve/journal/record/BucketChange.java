package io.varve.journal.record;

/**
 * A change to a bucket as a whole. A bucket is known by the position of the record that created it.
 */
public sealed interface BucketChange extends Change {

    /**
     * Creates a bucket; refused when the name is taken.
     *
     * @param owner the account that owns the bucket
     */
    record CreateBucket(String name, String owner) implements BucketChange {}

    /** Removes a bucket; refused while it holds a version. Uploads open in it end with it. */
    record DeleteBucket(long bucketId) implements BucketChange {}

    record SetVersioning(long bucketId, Versioning versioning) implements BucketChange {}
}
