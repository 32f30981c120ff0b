package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.site.StorageHost;

import java.net.InetSocketAddress;

/** A process that is a storage host and nothing else. */
public final class StorageRole implements AutoCloseable {
    private final StorageHost host;

    private StorageRole(StorageHost host) {
        this.host = host;
    }

    /** Whether a configuration makes it that. */
    public static boolean isAllOf(VarveConfig config) {
        VarveConfig.ClusterSettings cluster = config.cluster();
        return cluster != null && !cluster.endpoint();
    }

    /**
     * Listens.
     *
     * @throws io.varve.endpoint.site.SiteException when it cannot be opened
     * @throws io.varve.endpoint.tls.TlsException when a certificate cannot be used
     */
    public static StorageRole start(VarveConfig config) {
        VarveConfig.ClusterSettings cluster = config.cluster();
        if (cluster == null || cluster.storage() == null) {
            throw new ServeException("roles: this process is no storage host");
        }
        return new StorageRole(
                StorageHost.open(
                        config.dataDirectory(), cluster.storage(), SiteSettings.tls(cluster)));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return host.address();
    }

    @Override
    public void close() {
        host.close();
    }
}
