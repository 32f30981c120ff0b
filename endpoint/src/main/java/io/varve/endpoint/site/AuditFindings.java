package io.varve.endpoint.site;

import io.varve.devices.AuditReport;
import io.varve.devices.BlobId;

import java.util.List;

/**
 * What the last audit of a pool found.
 *
 * @param endedMs when it ended, by the clock of the host
 * @param journalPosition what the journal says up to there was compared
 * @param report the figures
 * @param owners what the blobs belong to that were lost; as many as {@link #MAX_OWNERS}
 */
public record AuditFindings(
        int poolId, long endedMs, long journalPosition, AuditReport report, List<Owner> owners) {
    public static final int MAX_OWNERS = 10_000;

    public AuditFindings {
        owners = List.copyOf(owners);
    }

    /**
     * A version, or a part of an open upload, that a lost blob belongs to.
     *
     * @param role current, noncurrent, history or upload
     * @param bucket its stored name; {@code bucket-ID} of one that was removed
     * @param position of the record that made the version or began the upload
     * @param partNumber 0 where the object is not made of parts
     */
    public record Owner(
            BlobId blobId, String role, String bucket, String key, long position, int partNumber) {}
}
