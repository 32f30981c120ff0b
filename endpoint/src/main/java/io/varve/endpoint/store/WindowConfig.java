package io.varve.endpoint.store;

/**
 * How long what was overwritten or deleted stays, and how fast it goes.
 *
 * @param windowMicros history that ended longer ago may be forgotten
 * @param dropGraceMicros how long blobs stay on the devices after their release, so that whoever
 *     began to read them before still can; counted from when this process saw the release
 * @param batchSize how many history entries one record forgets, and about how many released
 *     manifests one turn drops: bounds a turn's work
 */
public record WindowConfig(long windowMicros, long dropGraceMicros, int batchSize) {
    public WindowConfig {
        if (windowMicros < 0 || dropGraceMicros < 0 || batchSize < 1) {
            throw new IllegalArgumentException(
                    "window limits: windowMicros=%d, dropGraceMicros=%d, batchSize=%d"
                            .formatted(windowMicros, dropGraceMicros, batchSize));
        }
    }
}
