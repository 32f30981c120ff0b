package io.varve.endpoint.remote;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the existing Keystone is, and how it is asked.
 *
 * @param url of version 3, without a slash at the end
 * @param user in whose name this site asks; needs the role service or admin on the project
 * @param caFile certificates in PEM that HTTPS is checked with; null for those of the Java runtime
 * @param timeout for one question
 * @param keep how long an answer counts, and so how late a revocation is seen
 * @param outage how much longer it counts while Keystone does not answer
 * @param answersMax tokens, and access keys, that are kept at the most
 */
public record KeystoneSettings(
        String url,
        ServiceUser user,
        @Nullable Path caFile,
        Duration timeout,
        Duration keep,
        Duration outage,
        int answersMax,
        RoleMap roles) {

    /** Domains by name. */
    public record ServiceUser(
            String name, String domain, String password, String project, String projectDomain) {
        /** Without the password, so that it does not get into a log. */
        @Override
        public String toString() {
            return "ServiceUser[name=" + name + ", project=" + project + "]";
        }
    }
}
