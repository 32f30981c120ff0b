package io.varve.endpoint.serve;

import io.varve.dr.replica.Backlog;
import io.varve.dr.replica.Lag;
import io.varve.endpoint.config.VarveConfig;
import io.varve.endpoint.identity.SiteKey;
import io.varve.endpoint.identity.TokenKeys;
import io.varve.endpoint.metrics.Metrics;
import io.varve.endpoint.replica.ReplicaEndpoint;
import io.varve.endpoint.replica.ReplicaService;
import io.varve.endpoint.replica.ReplicaSettings;
import io.varve.endpoint.replica.ShippingLimits;
import io.varve.endpoint.server.HttpServer;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SyncPolicy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The server as one of a pair of sites. */
final class PairOfSites {
    private static final long COUNTING_MS = 50;

    private PairOfSites() {}

    static ReplicaService open(
            VarveConfig config,
            EmbeddedSite site,
            RootCredential root,
            CompletableFuture<Boolean> reopening) {
        Path configured = config.listen().tlsCertificate();
        Path certificate =
                configured != null
                        ? configured
                        : config.dataDirectory().resolve("tls").resolve("certificate.pem");
        return new ReplicaService(
                site,
                new ReplicaSettings(
                        certificate,
                        config.kafka() == null,
                        config.store().namesByProject(),
                        new SyncPolicy(
                                config.replica().sync(),
                                config.replica().syncTimeout(),
                                config.replica().refusesAlone()),
                        config.replica().alertAge(),
                        config.replica().verifyPeriod(),
                        new ShippingLimits(
                                config.replica().rateBytes(), config.replica().compress()),
                        () -> keyFiles(config.dataDirectory(), root)),
                () -> reopening.complete(true));
    }

    /** What makes keys, passwords and tokens the same at both sites. */
    private static Map<String, String> keyFiles(Path directory, RootCredential root) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : List.of(SiteKey.FILE_NAME, TokenKeys.FILE_NAME)) {
            Path file = directory.resolve(name);
            try {
                if (Files.exists(file)) {
                    files.put(name, Files.readString(file));
                }
            } catch (IOException e) {
                throw new ServeException("the keys cannot be read: " + file, e);
            }
        }
        files.put(RootCredential.FILE_NAME, root.asFile());
        return files;
    }

    static FrontDoor.FrontEnd frontEnd(ReplicaService replica) {
        return new FrontDoor.FrontEnd(
                "replica", new ReplicaEndpoint(replica), List.of(ReplicaEndpoint.PATH));
    }

    /** Where the other site finds this one. */
    static String ownUrl(VarveConfig config, HttpServer http) {
        String configured = config.replica().url();
        if (configured != null) {
            return configured;
        }
        boolean secure = config.listen().https().isPresent();
        if (!secure && config.listen().http().isEmpty()) {
            return "";
        }
        String scheme = secure ? "https" : "http";
        InetSocketAddress at = http.address(scheme);
        return "%s://%s:%d".formatted(scheme, host(at.getAddress()), at.getPort());
    }

    private static String host(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            String text = address.getHostAddress();
            return text.indexOf(':') < 0 ? text : "[" + text + "]";
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    static void register(Metrics metrics, ReplicaService replica) {
        metrics.gauge(
                "varve_replica_follows",
                "1 while the site is a standby.",
                () -> replica.state().follows() ? 1 : 0);
        metrics.gauge(
                "varve_replica_waits",
                "1 while changes are answered only when the standby has them.",
                () -> replica.waitsForStandby() ? 1 : 0);
        metrics.gauge(
                "varve_replica_term",
                "Term of leadership that the site knows of.",
                () -> replica.state().term());
        metrics.gauge(
                "varve_replica_lag_records",
                "Records of the primary that the standby has not; -1 when it is no standby.",
                () -> replica.lag().map(Lag::records).orElse(-1L));
        metrics.gauge(
                "varve_replica_lag_bytes",
                "Bytes that those records bring, with blobs; -1 while they are counted.",
                () -> replica.lag().map(Lag::bytes).orElse(-1L));
        metrics.gauge(
                "varve_replica_catch_up_seconds",
                "Until the standby has caught up; -1 when it does not come nearer.",
                () -> replica.lag().map(Lag::secondsToCatchUp).orElse(-1L));
        metrics.gauge(
                "varve_replica_last_full_pass_seconds",
                "When all of the standby was last verified, by the clock (Unix); 0 for never.",
                () -> {
                    Instant last = replica.lastFullPass();
                    return last == null ? 0 : last.getEpochSecond();
                });
        metrics.gauge(
                "varve_replica_too_far_behind",
                "1 while the standby is further behind than replica.alertAge.",
                () -> replica.tooFarBehind() ? 1 : 0);
        metrics.gauge(
                "varve_replica_unshipped_records",
                "Records that the standby does not have, as the primary sees it; -1 for unknown.",
                () -> replica.backlog(0).records());
        metrics.gauge(
                "varve_replica_unshipped_bytes",
                "Bytes that those records bring, with blobs; -1 while they are counted.",
                () -> replica.backlog(COUNTING_MS).bytes());
        metrics.gauge(
                "varve_replica_oldest_unshipped_seconds",
                "Age of the oldest record that the standby does not have; 0 for none.",
                () -> oldestSeconds(replica.backlog(0)));
        metrics.gauge(
                "varve_replica_age_seconds",
                "For how long the primary may have had newer records; -1 when not known.",
                () -> ageSeconds(replica));
        metrics.gauge(
                "varve_replica_standby_position",
                "Up to where the standby has everything, as it last said; -1 for never.",
                replica::standbyPosition);
        metrics.counter(
                "varve_replica_shipped_bytes_total",
                "Bytes of records and blobs sent to the other site.",
                replica::shippedBytes);
    }

    private static long oldestSeconds(Backlog.Now now) {
        long micros = now.oldestMicros();
        return micros == 0 ? 0 : Math.max(0, Instant.now().getEpochSecond() - micros / 1_000_000);
    }

    private static long ageSeconds(ReplicaService replica) {
        long nanos = replica.lag().map(lag -> lag.ageNanos(System.nanoTime())).orElse(-1L);
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toSeconds(nanos);
    }
}
