package io.varve.journal.record;

/**
 * The slow end of every object's life: the retention window closes, then its blobs may leave the
 * devices.
 */
public sealed interface WindowChange extends Change {

    /**
     * Forgets history that ended before a moment, oldest first, and releases the blobs that nothing
     * else refers to.
     *
     * @param beforeMicros record time, microseconds since the epoch
     * @param limit how many history entries at the most, so that one record's work is bounded
     */
    record CloseWindow(long beforeMicros, int limit) implements WindowChange {}

    /** Says that the blobs released by records up to a position are gone from the devices. */
    record ConfirmDropped(long throughPosition) implements WindowChange {}
}
