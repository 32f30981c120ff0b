package io.varve.endpoint.site;

import java.util.Objects;

import javax.net.ssl.SSLContext;

/**
 * That a site is served by several processes: they share its journal, which is on Kafka, and its
 * devices, which storage hosts have.
 *
 * @param tls what this process speaks to storage hosts with
 */
public record ClusterMembership(SSLContext tls) {
    public ClusterMembership {
        Objects.requireNonNull(tls);
    }
}
