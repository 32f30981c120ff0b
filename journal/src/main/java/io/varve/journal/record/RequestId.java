package io.varve.journal.record;

/**
 * 128 random bits that name one request: an append that is retried with the same id applies once.
 */
public record RequestId(long high, long low) {
    @Override
    public String toString() {
        return "%016X%016X".formatted(high, low);
    }
}
