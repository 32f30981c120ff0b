package io.varve.endpoint.salvage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One version of a key: one body, or the newest body of each part that an upload has.
 *
 * @param uploadId 0 when it was put as a whole
 * @param bodies by part number
 */
record SalvagedVersion(long uploadId, List<SalvagedBody> bodies) {
    /** When the last of its bodies began to come, in an order that is theirs alone. */
    long writeId() {
        return bodies.stream().mapToLong(SalvagedBody::writeId).max().orElse(0);
    }

    boolean isUpload() {
        return uploadId != 0;
    }

    long sizeBytes() {
        return bodies.stream().mapToLong(SalvagedBody::sizeBytes).sum();
    }

    /** What is missing; null when all is there, as far as can be known. */
    @Nullable String gap() {
        for (SalvagedBody body : bodies) {
            String gap = body.gap();
            if (gap != null) {
                return isUpload() ? "part %d: %s".formatted(body.partNumber(), gap) : gap;
            }
        }
        return null;
    }
}
