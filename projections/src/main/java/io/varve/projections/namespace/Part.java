package io.varve.projections.namespace;

import io.varve.journal.record.Checksum;

import java.util.List;

/**
 * A part of an open upload, or of an object that was made of parts.
 *
 * @param modifiedMicros record time at which it was put
 */
public record Part(
        int partNumber,
        long sizeBytes,
        String etag,
        long modifiedMicros,
        List<Checksum> checksums) {
    public Part {
        checksums = List.copyOf(checksums);
    }
}
