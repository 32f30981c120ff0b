package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.identity.IdentityException;
import io.varve.endpoint.metrics.Metrics;
import io.varve.endpoint.remote.Authorities;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.swift.SwiftConfig;
import io.varve.endpoint.swift.SyncObjects;
import io.varve.endpoint.sync.SyncAgent;
import io.varve.endpoint.sync.SyncException;
import io.varve.endpoint.sync.SyncRealms;

import java.nio.file.Path;

import javax.net.ssl.SSLSocketFactory;

/** Containers that are kept the same at other sites. */
final class ContainerSync {
    private ContainerSync() {}

    /**
     * @throws ServeException when the realms cannot be used
     */
    static SwiftConfig.Sync configured(VarveConfig.SyncSettings settings) {
        Path realms = settings.realms();
        try {
            return realms == null
                    ? SwiftConfig.Sync.NONE
                    : new SwiftConfig.Sync(SyncRealms.read(realms), settings.current());
        } catch (SyncException e) {
            throw new ServeException("sync.realms: " + e.reason(), e);
        }
    }

    /** Begins to send, if there is anywhere to send to. */
    static void start(
            EmbeddedSite site,
            SwiftConfig swift,
            VarveConfig.SyncSettings settings,
            OpenParts parts,
            Metrics metrics) {
        if (swift.sync().realms().isEmpty()) {
            return;
        }
        SyncAgent agent =
                parts.add(
                        SyncAgent.start(
                                site.store(),
                                site::records,
                                new SyncObjects(site.store(), swift),
                                new SyncAgent.Settings(
                                        swift.sync().realms(),
                                        tls(settings),
                                        settings.bytesPerSecond())));
        metrics.gauge(
                "varve_container_sync_pending",
                "Objects that are known to differ at another site.",
                agent::pendingCount);
        metrics.counter(
                "varve_container_sync_sent_total",
                "Objects put or deleted at other sites.",
                agent::sentCount);
    }

    private static SSLSocketFactory tls(VarveConfig.SyncSettings settings) {
        Path caFile = settings.caFile();
        if (caFile == null) {
            return (SSLSocketFactory) SSLSocketFactory.getDefault();
        }
        try {
            return Authorities.of(caFile).getSocketFactory();
        } catch (IdentityException e) {
            throw new ServeException("sync.caFile: " + e.getMessage(), e);
        }
    }
}
