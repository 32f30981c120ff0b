package io.varve.endpoint.replica;

import io.varve.endpoint.site.SyncPolicy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a site tells the other one of its pair.
 *
 * @param certificateFile with which the other site checks this one, for https
 * @param journalInFiles whether its journal can follow another one, and be cut
 * @param namesByProject whether buckets are named by account, which both must do alike
 * @param sync whether changes wait for the standby
 * @param alertAge how far behind the standby may be before that is told; zero for any
 * @param verifyPeriod how often a standby compares itself with its primary; zero for never
 * @param limits how things are sent to the other site, unless somebody has said something else
 * @param keyFiles the files that both must have alike, by name, as text
 */
public record ReplicaSettings(
        Path certificateFile,
        boolean journalInFiles,
        boolean namesByProject,
        SyncPolicy sync,
        Duration alertAge,
        Duration verifyPeriod,
        ShippingLimits limits,
        KeyFiles keyFiles) {

    /** Reads the files anew each time: some of them change. */
    @FunctionalInterface
    public interface KeyFiles {
        Map<String, String> read();
    }
}
