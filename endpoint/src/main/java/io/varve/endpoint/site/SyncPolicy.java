package io.varve.endpoint.site;

import java.time.Duration;

/**
 * Whether a change is answered only when the standby has it too.
 *
 * @param timeout how long a change waits for it
 * @param refusesAlone whether changes are refused, and not answered without it, when it does not
 *     confirm in time
 */
public record SyncPolicy(boolean sync, Duration timeout, boolean refusesAlone) {
    /** A change is answered when this site has it. */
    public static final SyncPolicy ASYNC = new SyncPolicy(false, Duration.ofSeconds(5), false);
}
