package io.varve.endpoint.site;

import java.time.Duration;

/**
 * How long what is no longer shown stays.
 *
 * @param window how long what was overwritten or deleted can be recovered
 * @param dropGrace how long blobs stay on the devices after the last version that needed them has
 *     left the window
 */
public record RetentionSettings(Duration window, Duration dropGrace) {
    public static final RetentionSettings DEFAULT =
            new RetentionSettings(Duration.ofDays(7), Duration.ofMinutes(10));
}
