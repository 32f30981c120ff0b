package io.varve.projections.namespace;

import io.varve.projections.ViewBatch;

/**
 * What falls due when: each current version that expires has a row, and the null version wherever
 * it is. A version with an id does not expire while another is current. Single-threaded: owned by
 * the fold.
 */
final class ExpiryTable {
    private static final byte[] NOTHING = {};

    private final ViewBatch batch;

    ExpiryTable(ViewBatch batch) {
        this.batch = batch;
    }

    void add(long bucketId, byte[] key, VersionRow row) {
        if (row.expiresSeconds() != Expiry.NEVER) {
            batch.put(rowKey(bucketId, key, row), NOTHING);
        }
    }

    void remove(long bucketId, byte[] key, VersionRow row) {
        if (row.expiresSeconds() != Expiry.NEVER) {
            batch.delete(rowKey(bucketId, key, row));
        }
    }

    private static byte[] rowKey(long bucketId, byte[] key, VersionRow row) {
        return NamespaceKeys.expiry(row.expiresSeconds(), bucketId, key, row.position());
    }
}
