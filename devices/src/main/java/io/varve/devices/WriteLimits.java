package io.varve.devices;

import java.time.Duration;

/**
 * What a device takes at once.
 *
 * @param maxBlobBytes largest payload taken
 * @param queueBytes payload that may wait for the device before writers are held back
 * @param hangTimeout how long one batch or read may take before the device counts as failed
 */
public record WriteLimits(int maxBlobBytes, int queueBytes, Duration hangTimeout) {
    /** Beyond this, batches and buffers get unwieldy. */
    public static final int MAX_BLOB_BYTES = 64 << 20;

    /** The queue holds 8,000 small blobs or 4 of the largest: more only adds waiting. */
    public static final WriteLimits DEFAULT =
            new WriteLimits(8 << 20, 32 << 20, Duration.ofSeconds(10));

    public WriteLimits {
        Requirement.that(
                maxBlobBytes >= 4096 && maxBlobBytes <= MAX_BLOB_BYTES,
                "maxBlobBytes must be from 4096 to 64 MiB",
                maxBlobBytes);
        Requirement.that(
                queueBytes >= maxBlobBytes, "queueBytes must hold the largest blob", queueBytes);
        Requirement.that(hangTimeout.toMillis() > 0, "hangTimeout must be positive", hangTimeout);
    }

    public WriteLimits withMaxBlobBytes(int bytes) {
        return new WriteLimits(bytes, queueBytes, hangTimeout);
    }

    public WriteLimits withQueueBytes(int bytes) {
        return new WriteLimits(maxBlobBytes, bytes, hangTimeout);
    }

    public WriteLimits withHangTimeout(Duration timeout) {
        return new WriteLimits(maxBlobBytes, queueBytes, timeout);
    }
}
