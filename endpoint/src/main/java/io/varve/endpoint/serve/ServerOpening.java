package io.varve.endpoint.serve;

import com.sun.management.UnixOperatingSystemMXBean;

import io.varve.endpoint.admin.AdminEndpoint;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.logs.AccessLog;
import io.varve.endpoint.metrics.Metrics;
import io.varve.endpoint.metrics.ProcessMetrics;
import io.varve.endpoint.metrics.RequestMetrics;
import io.varve.endpoint.metrics.SiteMetrics;
import io.varve.endpoint.replica.Overtaking;
import io.varve.endpoint.replica.ReplicaService;
import io.varve.endpoint.replica.StandbyFront;
import io.varve.endpoint.s3.S3Config;
import io.varve.endpoint.s3.S3Endpoint;
import io.varve.endpoint.server.ExchangeObserver;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpLimits;
import io.varve.endpoint.server.HttpListener;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.server.HttpServer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.StorageHost;
import io.varve.endpoint.swift.SwiftConfig;
import io.varve.endpoint.swift.SwiftEndpoint;
import io.varve.endpoint.tls.TlsIdentity;
import io.varve.projections.identity.Project;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** Puts a server together: the one place where the parts meet. Used once. */
final class ServerOpening {
    private static final System.Logger LOG = System.getLogger(ServerOpening.class.getName());

    /** What may stand in a certificate as a host name. */
    private static final Pattern HOST_NAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");

    private static final List<String> SWIFT_PATHS =
            List.of("/v1", "//v1", "/swift/v1", "/info", "/healthcheck", "/crossdomain.xml");

    private final VarveConfig config;
    private final Map<String, String> environment;
    private final AccessLog.@Nullable Sink accessLog;
    private final OpenParts parts = new OpenParts();
    private final Metrics metrics = new Metrics();

    ServerOpening(
            VarveConfig config,
            Map<String, String> environment,
            AccessLog.@Nullable Sink accessLog) {
        this.config = config;
        this.environment = environment;
        this.accessLog = accessLog;
    }

    VarveServer run() {
        try {
            return open();
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private VarveServer open() {
        VarveConfig.ClusterSettings cluster = config.cluster();
        if (cluster != null && cluster.storage() != null) {
            parts.add(
                    StorageHost.open(
                            config.dataDirectory(), cluster.storage(), SiteSettings.tls(cluster)));
        }
        // First, since it takes the lock of the data directory.
        Overtaking.settle(SiteSettings.of(config));
        EmbeddedSite site = parts.add(EmbeddedSite.open(SiteSettings.of(config)));
        RootCredential root =
                RootCredential.resolve(environment, config.root(), config.dataDirectory());
        TlsIdentity tls = config.listen().https().isPresent() ? tls() : null;
        ProcessMetrics.register(metrics);
        SiteMetrics.register(metrics, site);
        ExchangeObserver observer = observer();
        CompletableFuture<Boolean> reopening = new CompletableFuture<>();
        ReplicaService replica = PairOfSites.open(config, site, root, reopening);
        HealthPages health = new HealthPages(site::health);
        List<HttpListener> listeners = listeners(site, root, tls, replica, health);
        HttpServer http =
                parts.add(HttpServer.start(listeners, withinDescriptors(listeners), observer));
        metrics.gauge("varve_requests_in_flight", "Requests not answered yet.", http::inFlight);
        metrics.gauge(
                "varve_connections", "Open connections, idle ones included.", http::connections);
        parts.add(replica);
        PairOfSites.register(metrics, replica);
        replica.start(PairOfSites.ownUrl(config, http));
        return new VarveServer(
                config, parts, site, root, tls, http, replica, reopening, health::leave);
    }

    /**
     * At most half of the file descriptors that are left go to connections: clients must not be
     * able to take those that the journal and the devices need.
     */
    private HttpLimits withinDescriptors(List<HttpListener> listeners) {
        HttpLimits limits = config.limits();
        if (!(ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean os)) {
            return limits;
        }
        long spare = os.getMaxFileDescriptorCount() - os.getOpenFileDescriptorCount();
        int most = Math.clamp(spare / 2 / listeners.size(), 1, Integer.MAX_VALUE);
        if (most >= limits.maxConnections()) {
            return limits;
        }
        LOG.log(
                Level.WARNING,
                "limits.connections is {0}, but the process may open only {1} files: taking {2}",
                limits.maxConnections(),
                os.getMaxFileDescriptorCount(),
                most);
        return limits.withMaxConnections(most);
    }

    private TlsIdentity tls() {
        VarveConfig.ListenSettings listen = config.listen();
        Path certificate = listen.tlsCertificate();
        Path key = listen.tlsKey();
        TlsIdentity identity =
                certificate != null && key != null
                        ? TlsIdentity.configured(certificate, key, Clock.systemUTC())
                        : TlsIdentity.generated(
                                config.dataDirectory().resolve("tls"),
                                requiredNames(),
                                wishedNames(),
                                Clock.systemUTC());
        parts.add(new TlsRefresher(identity, listen.tlsRefresh()));
        return identity;
    }

    private List<String> requiredNames() {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
        for (String domain : config.s3().domains()) {
            names.add(domain);
            names.add("*." + domain);
        }
        return names;
    }

    private static List<String> wishedNames() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return HOST_NAME.matcher(name).matches() ? List.of(name) : List.of();
        } catch (UnknownHostException _) {
            // The machine has no name that it can look up; then nobody else can.
            return List.of();
        }
    }

    private ExchangeObserver observer() {
        List<ExchangeObserver> observers = new ArrayList<>();
        observers.add(new RequestMetrics(metrics));
        if (accessLog != null) {
            AccessLog log = parts.add(new AccessLog(accessLog));
            observers.add(log);
            metrics.counter(
                    "varve_access_log_dropped_lines_total",
                    "Lines that could not be written in time.",
                    log::dropped);
        }
        return new EachObserver(observers);
    }

    private List<HttpListener> listeners(
            EmbeddedSite site,
            RootCredential root,
            @Nullable TlsIdentity tls,
            ReplicaService replica,
            HealthPages health) {
        Map<String, HttpHandler> pages = new HashMap<>();
        pages.put(HealthPages.LIVE, health.live());
        pages.put(HealthPages.READY, health.ready());
        pages.put(HealthPages.WRITABLE, health.writable(replica::writable));
        pages.put(HealthPages.REPLICA, HealthPages.replica(replica::tooFarBehind));
        Map<String, HttpHandler> all = new HashMap<>(pages);
        all.put("/metrics", metrics);

        ChosenIdentity identity = identity(site, root);
        FrontDoor.FrontEnd admin =
                new FrontDoor.FrontEnd(
                        "admin",
                        new AdminEndpoint(site, identity.tokens(), replica),
                        List.of(AdminEndpoint.PATH));
        List<FrontDoor.FrontEnd> frontEnds = new ArrayList<>(identity.frontEnds());
        frontEnds.add(PairOfSites.frontEnd(replica));
        frontEnds.add(admin);
        HttpHandler swift = new StandbyFront(swift(site, identity), replica);
        frontEnds.add(new FrontDoor.FrontEnd("swift", swift, SWIFT_PATHS));
        frontEnds.add(new FrontDoor.FrontEnd("s3", new StandbyFront(s3(site, identity), replica)));
        FrontDoor.FrontEnd nothing =
                new FrontDoor.FrontEnd("admin", _ -> HttpResponse.status(404).build());
        List<String> domains = config.s3().domains();
        VarveConfig.ListenSettings listen = config.listen();
        List<HttpListener> listeners = new ArrayList<>();
        if (listen.http().isPresent()) {
            FrontDoor door =
                    new FrontDoor(listen.metricsOnHttp() ? all : pages, frontEnds, domains);
            listeners.add(listener("http", listen.http().get(), null, door));
        }
        if (listen.https().isPresent()) {
            FrontDoor door = new FrontDoor(pages, frontEnds, domains);
            listeners.add(listener("https", listen.https().get(), tls, door));
        }
        if (listen.admin().isPresent()) {
            FrontDoor door = new FrontDoor(all, List.of(admin, nothing), List.of());
            listeners.add(listener("admin", listen.admin().get(), null, door));
        }
        return listeners;
    }

    private HttpHandler swift(EmbeddedSite site, ChosenIdentity identity) {
        SwiftConfig swift =
                new SwiftConfig(
                        SwiftConfig.DEFAULT.resellerPrefix(),
                        () -> site.store().storageClasses().names(),
                        ContainerSync.configured(config.sync()));
        ContainerSync.start(site, swift, config.sync(), parts, metrics);
        return new SwiftEndpoint(
                site.store(), identity.tokens(), swift, project -> createdMicros(site, project));
    }

    /** When a project came to be; 0 for one that is known elsewhere. */
    private static long createdMicros(EmbeddedSite site, String project) {
        return site.identity().project(project).map(Project::createdMicros).orElse(0L);
    }

    private static HttpListener listener(
            String name,
            InetSocketAddress unresolved,
            @Nullable TlsIdentity tls,
            HttpHandler handler) {
        InetSocketAddress address =
                new InetSocketAddress(unresolved.getHostString(), unresolved.getPort());
        if (address.isUnresolved()) {
            throw new ServeException(
                    "%s.address: unknown host %s".formatted(name, address.getHostString()));
        }
        if (tls == null && !address.getAddress().isLoopbackAddress()) {
            LOG.log(
                    Level.WARNING,
                    "{0} is served without encryption beyond this machine, on {1}",
                    name,
                    unresolved);
        }
        return new HttpListener(name, address, tls == null ? null : tls.sslContext(), handler);
    }

    private ChosenIdentity identity(EmbeddedSite site, RootCredential root) {
        VarveConfig.KeystoneSettings keystone = config.identity().keystone();
        return keystone == null
                ? ChosenIdentity.builtIn(config, site, root)
                : ChosenIdentity.existing(keystone, environment, root, parts);
    }

    private HttpHandler s3(EmbeddedSite site, ChosenIdentity identity) {
        S3Config s3 =
                new S3Config(
                        config.s3().region(),
                        config.s3().domains(),
                        config.s3().legacyBucketNames(),
                        config.s3().signatureV2(),
                        site.id().toString());
        return new S3Endpoint(site.store(), identity.credentials(), identity.names(), s3);
    }
}
