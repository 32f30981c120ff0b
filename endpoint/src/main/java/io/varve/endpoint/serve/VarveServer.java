package io.varve.endpoint.serve;

import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.logs.AccessLog;
import io.varve.endpoint.replica.ReplicaService;
import io.varve.endpoint.server.HttpServer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.tls.TlsIdentity;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * A running server: site, protocols, listeners. Opened in that order and closed in reverse, so that
 * no request meets a part that is not there. Its questions are safe for use by many threads; it is
 * stopped by one.
 */
public final class VarveServer implements AutoCloseable {
    private final VarveConfig config;
    private final OpenParts parts;
    private final EmbeddedSite site;
    private final RootCredential root;
    private final @Nullable TlsIdentity tls;
    private final HttpServer http;
    private final ReplicaService replica;
    private final CompletableFuture<Boolean> reopening;
    private final Runnable notice;

    VarveServer(
            VarveConfig config,
            OpenParts parts,
            EmbeddedSite site,
            RootCredential root,
            @Nullable TlsIdentity tls,
            HttpServer http,
            ReplicaService replica,
            CompletableFuture<Boolean> reopening,
            Runnable notice) {
        this.config = config;
        this.parts = parts;
        this.site = site;
        this.root = root;
        this.tls = tls;
        this.http = http;
        this.replica = replica;
        this.reopening = reopening;
        this.notice = notice;
    }

    /**
     * Opens everything and listens; what was opened before a failure is closed again. Returns once
     * the first request can be served.
     *
     * @param environment where the root credential is looked for first
     * @param accessLog where the access log goes; null for nowhere
     * @throws ServeException when a setting cannot be followed
     * @throws io.varve.endpoint.site.SiteException when the site cannot be opened
     * @throws io.varve.endpoint.tls.TlsException when a certificate cannot be used
     * @throws io.varve.endpoint.server.ListenException when an address cannot be listened on
     */
    public static VarveServer start(
            VarveConfig config,
            Map<String, String> environment,
            AccessLog.@Nullable Sink accessLog) {
        return new ServerOpening(config, environment, accessLog).run();
    }

    /** Where a listener (http, https, admin) really listens; empty when it is off. */
    public Optional<InetSocketAddress> address(String listener) {
        Optional<InetSocketAddress> configured =
                switch (listener) {
                    case "http" -> config.listen().http();
                    case "https" -> config.listen().https();
                    case "admin" -> config.listen().admin();
                    default -> Optional.empty();
                };
        return configured.map(_ -> http.address(listener));
    }

    public RootCredential root() {
        return root;
    }

    public EmbeddedSite site() {
        return site;
    }

    /** What HTTPS presents; null when it is off. */
    public @Nullable TlsIdentity tls() {
        return tls;
    }

    /** The site's part in a pair. */
    public ReplicaService replica() {
        return replica;
    }

    /** Completes when the server should be closed and another one be started in its place. */
    public CompletableFuture<Boolean> reopening() {
        return reopening;
    }

    public VarveConfig config() {
        return config;
    }

    /**
     * Is not ready for the configured time, while it serves on, so that whoever asks for its health
     * sends requests elsewhere. Then takes no more requests, lets those in flight finish within the
     * configured time, then closes everything.
     *
     * @return whether all of them finished
     */
    public boolean stop() {
        notice.run();
        long until = System.nanoTime() + config.listen().shutdownNotice().toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(this, until - System.nanoTime());
        }
        boolean drained = http.stop(config.listen().shutdownDrain());
        close();
        return drained;
    }

    /** Without waiting for requests. */
    @Override
    public void close() {
        parts.close();
    }
}
