package io.varve.endpoint.config;

import io.varve.endpoint.config.VarveConfig.ClusterSettings;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The keys of a process of a cluster. */
final class ClusterKeys {
    static final String ENDPOINT = "endpoint";
    static final String VIEW = "view";
    static final String STORAGE = "storage";

    static final ConfigKey<List<String>> ROLES =
            ConfigKey.optional(
                    "roles",
                    ValueType.names(),
                    "a site in one process",
                    "What this process is in a cluster, with commas between: `storage` for a"
                            + " storage host, `endpoint, view` for one that serves clients out of a"
                            + " view of its own. Such a site has its journal on Kafka and its"
                            + " devices on storage hosts.");

    static final ConfigKey<Optional<InetSocketAddress>> STORAGE_ADDRESS =
            ConfigKey.of(
                    "storage.address",
                    ValueType.addressOrOff(),
                    "127.0.0.1:9450",
                    "Where a storage host listens. It speaks to nobody who has no certificate of"
                            + " the cluster.");

    static final ConfigKey<Path> CERTIFICATE =
            ConfigKey.optional(
                    "cluster.tls.certificate",
                    ValueType.path(),
                    "none",
                    "This process's certificate (PEM), of the names that others reach it by. Made"
                            + " by `varve cluster host`, or by any other authority.");

    static final ConfigKey<Path> KEY =
            ConfigKey.optional(
                    "cluster.tls.key", ValueType.path(), "none", "The key of that certificate.");

    static final ConfigKey<Path> AUTHORITY =
            ConfigKey.optional(
                    "cluster.tls.authority",
                    ValueType.path(),
                    "none",
                    "The authority's certificate (PEM). Whoever has a certificate of it may read"
                            + " and delete what is stored: it must have signed nothing else.");

    static final ConfigKey<Path> SECRET =
            ConfigKey.optional(
                    "cluster.secret",
                    ValueType.path(),
                    "none",
                    "A file of endpoints alone, the same for all of them: secrets in the journal"
                        + " and tokens are sealed with keys that are made of it. `varve cluster"
                        + " init` makes one. Who loses it loses the secrets of EC2 credentials.");

    private ClusterKeys() {}

    static ConfigKey<Duration> shutdownNotice() {
        return ConfigKey.of(
                "shutdown.notice",
                ValueType.duration(Duration.ZERO, Duration.ofHours(1)),
                "0 s",
                "How long the server goes on as before once it has been told to stop, but says at"
                        + " `/health/ready` that it is not ready: longer than a proxy before it"
                        + " needs to notice.");
    }

    static List<ConfigKey<?>> all() {
        return List.of(ROLES, STORAGE_ADDRESS, CERTIFICATE, KEY, AUTHORITY, SECRET);
    }

    static @Nullable ClusterSettings settings(ConfigValues values) {
        List<String> names = values.find(ROLES);
        if (names == null || names.isEmpty()) {
            return null;
        }
        Set<String> roles = Set.copyOf(names);
        if (!Set.of(ENDPOINT, VIEW, STORAGE).containsAll(roles)) {
            values.problem(ROLES, "roles are endpoint, view and storage");
        }
        if (roles.contains(ENDPOINT) != roles.contains(VIEW)) {
            values.problem(ROLES, "endpoint and view go together: an endpoint has its own view");
        }
        Optional<InetSocketAddress> address = values.get(STORAGE_ADDRESS);
        if (roles.contains(STORAGE) && address.isEmpty()) {
            values.problem(STORAGE_ADDRESS, "a storage host must listen somewhere");
        }
        Path certificate = values.find(CERTIFICATE);
        Path key = values.find(KEY);
        Path authority = values.find(AUTHORITY);
        Path secret = values.find(SECRET);
        if (roles.contains(ENDPOINT) && secret == null) {
            values.problem(ROLES, "endpoints need cluster.secret");
        }
        if (certificate == null || key == null || authority == null) {
            values.problem(
                    ROLES,
                    "roles need cluster.tls.certificate, cluster.tls.key and"
                            + " cluster.tls.authority");
            return null;
        }
        return new ClusterSettings(
                roles.contains(STORAGE) ? address.orElse(null) : null,
                roles.contains(ENDPOINT),
                certificate,
                key,
                authority,
                secret);
    }
}
