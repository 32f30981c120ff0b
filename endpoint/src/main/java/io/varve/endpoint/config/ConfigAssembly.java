package io.varve.endpoint.config;

import io.varve.endpoint.config.VarveConfig.ClusterSettings;
import io.varve.endpoint.config.VarveConfig.IdentitySettings;
import io.varve.endpoint.config.VarveConfig.KafkaSettings;
import io.varve.endpoint.config.VarveConfig.KeystoneSettings;
import io.varve.endpoint.config.VarveConfig.ListenSettings;
import io.varve.endpoint.config.VarveConfig.LogSettings;
import io.varve.endpoint.config.VarveConfig.PoolSettings;
import io.varve.endpoint.config.VarveConfig.RetentionSettings;
import io.varve.endpoint.config.VarveConfig.RootSettings;
import io.varve.endpoint.config.VarveConfig.S3Settings;
import io.varve.endpoint.config.VarveConfig.StoreSettings;
import io.varve.endpoint.config.VarveConfig.SyncSettings;
import io.varve.endpoint.config.VarveConfig.ViewSettings;
import io.varve.endpoint.server.HttpLimits;
import io.varve.journal.kafka.KafkaJournalConfig;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Makes a {@link VarveConfig} of the values of the keys, and checks what no key can by itself. */
final class ConfigAssembly {
    private static final int HOSTS = 3;
    private static final List<String> CLASSES = List.of("hdd", "ssd", "nvme");

    private final ConfigValues values;

    private ConfigAssembly(ConfigValues values) {
        this.values = values;
    }

    static VarveConfig assemble(ConfigFile file) {
        ConfigValues values = new ConfigValues(file);
        VarveConfig config = new ConfigAssembly(values).assemble();
        values.throwIfAny();
        return config;
    }

    private VarveConfig assemble() {
        Path data = values.get(ConfigKeys.DATA_DIRECTORY).toAbsolutePath().normalize();
        List<Path> journal = values.find(ConfigKeys.JOURNAL_DIRECTORIES);
        Path view = values.find(ConfigKeys.VIEW_DIRECTORY);
        PoolSettings pool = pool();
        KafkaSettings kafka = kafka();
        ClusterSettings cluster = ClusterKeys.settings(values);
        List<DeviceSettings> devices =
                cluster != null && values.devices().isEmpty() ? List.of() : devices(data);
        if (cluster == null || !devices.isEmpty()) {
            checkCopies(pool, devices);
        }
        checkCluster(cluster, kafka, devices);
        return new VarveConfig(
                data,
                journal == null || journal.isEmpty()
                        ? List.of(data.resolve("journal"))
                        : journal.stream().map(Path::toAbsolutePath).toList(),
                view == null ? data.resolve("view") : view.toAbsolutePath(),
                values.get(ConfigKeys.JOURNAL_LOW_SPACE),
                kafka,
                cluster,
                pool,
                devices,
                store(),
                view(),
                new RetentionSettings(
                        values.get(ConfigKeys.RETENTION_WINDOW),
                        values.get(ConfigKeys.RETENTION_DROP_GRACE)),
                UpkeepKeys.settings(values),
                listen(),
                limits(),
                s3(),
                identity(),
                sync(),
                ReplicaKeys.settings(values),
                root(),
                log());
    }

    private @Nullable KafkaSettings kafka() {
        boolean chosen = values.get(JournalKeys.KIND).equals(JournalKeys.KAFKA);
        String bootstrap = values.find(JournalKeys.BOOTSTRAP);
        if (!chosen) {
            if (bootstrap != null || !values.kafkaClient().isEmpty()) {
                values.problem(
                        JournalKeys.BOOTSTRAP, "brokers are told, but journal.kind is not kafka");
            }
            return null;
        }
        if (bootstrap == null) {
            values.problem(JournalKeys.KIND, "journal.kind = kafka needs journal.kafka.bootstrap");
            return null;
        }
        int replicas = values.get(JournalKeys.REPLICAS);
        int minInSync = values.get(JournalKeys.MIN_IN_SYNC_REPLICAS);
        if (minInSync > replicas) {
            values.problem(
                    JournalKeys.MIN_IN_SYNC_REPLICAS,
                    "journal.kafka.minInSyncReplicas is more than journal.kafka.replicas: %d > %d"
                            .formatted(minInSync, replicas));
        }
        Map<String, String> client = new HashMap<>();
        values.kafkaClient()
                .forEach(
                        (setting, entry) -> {
                            if (KafkaJournalConfig.isClientSetting(setting)) {
                                client.put(setting, entry.value());
                            } else {
                                values.problem(
                                        entry.where(),
                                        entry.key() + ": the journal's own, cannot be set");
                            }
                        });
        return new KafkaSettings(
                bootstrap,
                values.get(JournalKeys.TOPIC),
                replicas,
                minInSync,
                values.get(JournalKeys.TIMEOUT),
                client);
    }

    private PoolSettings pool() {
        return new PoolSettings(
                values.get(ConfigKeys.POOL_NAME),
                values.get(ConfigKeys.POOL_COPIES),
                values.get(ConfigKeys.POOL_MIN_COPIES),
                values.get(ConfigKeys.POOL_FAILURE_DOMAIN),
                values.get(ConfigKeys.POOL_REPAIR_RATE),
                values.get(ConfigKeys.DEVICES_SEGMENT_SIZE),
                values.get(ConfigKeys.DEVICES_LOW_SPACE),
                values.get(ConfigKeys.DEVICES_COMPACTION_RATE),
                values.get(UpkeepKeys.COMPACTION_DEAD_PERCENT),
                values.get(ConfigKeys.DEVICES_HANG_TIMEOUT),
                values.get(ConfigKeys.DOWN_OUT_INTERVAL));
    }

    private List<DeviceSettings> devices(Path data) {
        if (values.devices().isEmpty()) {
            return defaultDevices(data);
        }
        List<DeviceSettings> devices = new ArrayList<>();
        Map<Path, Integer> byDirectory = new HashMap<>();
        values.devices()
                .forEach(
                        (id, entry) -> {
                            try {
                                DeviceSettings device = DeviceSettings.parse(id, entry.value());
                                devices.add(device);
                                Path directory =
                                        device.storage() == null
                                                ? device.directory().toAbsolutePath()
                                                : Path.of(
                                                        device.storage().toString(),
                                                        device.directory().toString());
                                Integer other = byDirectory.put(directory, id);
                                if (other != null) {
                                    values.problem(
                                            entry.where(),
                                            "%s has the directory of device.%d"
                                                    .formatted(entry.key(), other));
                                }
                            } catch (ValueException e) {
                                values.problem(entry.where(), entry.key() + ": " + e.getMessage());
                            }
                        });
        return List.copyOf(devices);
    }

    /** Three hosts with a directory for each class, so that a first start shows the whole. */
    private static List<DeviceSettings> defaultDevices(Path data) {
        List<DeviceSettings> devices = new ArrayList<>();
        for (int host = 0; host < HOSTS; host++) {
            for (String deviceClass : CLASSES) {
                String name = "host" + host;
                devices.add(
                        new DeviceSettings(
                                devices.size(),
                                name,
                                deviceClass,
                                1,
                                data.resolve("devices").resolve(name).resolve(deviceClass),
                                OptionalLong.empty()));
            }
        }
        return List.copyOf(devices);
    }

    private void checkCopies(PoolSettings pool, List<DeviceSettings> devices) {
        if (pool.minCopies() > pool.copies()) {
            values.problem(
                    ConfigKeys.POOL_MIN_COPIES,
                    "pool.minCopies (%d) is more than pool.copies (%d)"
                            .formatted(pool.minCopies(), pool.copies()));
        }
        boolean overHosts = pool.failureDomain().equals("host");
        Set<String> hosts = new HashSet<>();
        devices.forEach(device -> hosts.add(device.host()));
        int domains = overHosts ? hosts.size() : devices.size();
        if (domains < pool.copies() && !(devices.isEmpty() && !values.devices().isEmpty())) {
            values.problem(
                    ConfigKeys.POOL_COPIES,
                    "pool.copies is %d, but there are only %d %ss for them"
                            .formatted(pool.copies(), domains, pool.failureDomain()));
        }
    }

    private void checkCluster(
            @Nullable ClusterSettings cluster,
            @Nullable KafkaSettings kafka,
            List<DeviceSettings> devices) {
        if (cluster != null && cluster.endpoint() && kafka == null) {
            values.problem(
                    ClusterKeys.ROLES, "an endpoint of a cluster needs journal.kind = kafka");
        }
        for (DeviceSettings device : devices) {
            boolean remote = device.storage() != null;
            if (remote != (cluster != null)) {
                values.problem(
                        ClusterKeys.ROLES,
                        "device.%d: storage=HOST:PORT goes with roles".formatted(device.id()));
            }
        }
    }

    private StoreSettings store() {
        return new StoreSettings(
                Math.toIntExact(values.get(ConfigKeys.STORE_BLOB_SIZE)),
                values.get(ConfigKeys.STORE_WRITE_MEMORY),
                values.get(ConfigKeys.STORE_READ_MEMORY),
                values.get(ConfigKeys.STORE_MEMORY_WAIT),
                values.get(ConfigKeys.NAMESPACE_BUCKETS).equals("project"));
    }

    private ViewSettings view() {
        return new ViewSettings(
                values.get(ConfigKeys.VIEW_CACHE),
                values.get(ConfigKeys.VIEW_WRITE_BUFFER),
                values.get(ConfigKeys.VIEW_FLUSH_RECORDS));
    }

    private ListenSettings listen() {
        Path certificate = values.find(ConfigKeys.TLS_CERTIFICATE);
        Path key = values.find(ConfigKeys.TLS_KEY);
        if ((certificate == null) != (key == null)) {
            values.problem(
                    certificate == null ? ConfigKeys.TLS_KEY : ConfigKeys.TLS_CERTIFICATE,
                    "tls.certificate and tls.key go together");
        }
        ListenSettings listen =
                new ListenSettings(
                        values.get(ConfigKeys.HTTP_ADDRESS),
                        values.get(ConfigKeys.HTTPS_ADDRESS),
                        values.get(ConfigKeys.ADMIN_ADDRESS),
                        values.get(ConfigKeys.METRICS_ON_HTTP),
                        certificate,
                        key,
                        values.get(ConfigKeys.TLS_REFRESH),
                        values.get(ConfigKeys.SHUTDOWN_NOTICE),
                        values.get(ConfigKeys.SHUTDOWN_DRAIN));
        if (listen.http().isEmpty() && listen.https().isEmpty()) {
            values.problem(ConfigKeys.HTTPS_ADDRESS, "http and https are both off");
        }
        return listen;
    }

    private HttpLimits limits() {
        return new HttpLimits(
                Math.toIntExact(values.get(ConfigKeys.LIMITS_REQUEST_LINE)),
                Math.toIntExact(values.get(ConfigKeys.LIMITS_HEADERS)),
                values.get(ConfigKeys.LIMITS_HEADER_FIELDS),
                values.get(ConfigKeys.LIMITS_BODY),
                values.get(ConfigKeys.LIMITS_CONNECTIONS),
                millis(values.get(ConfigKeys.LIMITS_IDLE_TIMEOUT)),
                millis(values.get(ConfigKeys.LIMITS_HEAD_TIMEOUT)),
                millis(values.get(ConfigKeys.LIMITS_BODY_TIMEOUT)),
                Math.toIntExact(values.get(ConfigKeys.LIMITS_UPLOAD_RATE)),
                millis(values.get(ConfigKeys.LIMITS_WRITE_TIMEOUT)));
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    private S3Settings s3() {
        List<String> domains = values.find(ConfigKeys.S3_DOMAINS);
        return new S3Settings(
                values.get(ConfigKeys.S3_REGION),
                domains == null ? List.of() : domains,
                values.get(ConfigKeys.LEGACY_BUCKET_NAMES),
                values.get(ConfigKeys.SIGNATURE_V2));
    }

    private IdentitySettings identity() {
        String publicUrl = values.find(ConfigKeys.IDENTITY_PUBLIC_URL);
        return new IdentitySettings(
                publicUrl == null ? "" : publicUrl,
                values.get(ConfigKeys.IDENTITY_TOKEN_LIFE),
                values.get(ConfigKeys.IDENTITY_TOKEN_KEY_ROTATION),
                keystone());
    }

    private @Nullable KeystoneSettings keystone() {
        String url = values.find(ConfigKeys.KEYSTONE_URL);
        String publicUrl = values.find(ConfigKeys.KEYSTONE_PUBLIC_URL);
        if (url == null) {
            return null;
        }
        return new KeystoneSettings(
                url.endsWith("/v3") ? url : url + "/v3",
                publicUrl == null ? "" : publicUrl,
                values.get(ConfigKeys.KEYSTONE_USER),
                values.get(ConfigKeys.KEYSTONE_USER_DOMAIN),
                values.find(ConfigKeys.KEYSTONE_PASSWORD),
                values.get(ConfigKeys.KEYSTONE_PROJECT),
                values.get(ConfigKeys.KEYSTONE_PROJECT_DOMAIN),
                values.find(ConfigKeys.KEYSTONE_CA_FILE),
                values.get(ConfigKeys.KEYSTONE_TIMEOUT),
                values.get(ConfigKeys.KEYSTONE_CACHE_TIME),
                values.get(ConfigKeys.KEYSTONE_OUTAGE_TIME),
                values.get(ConfigKeys.KEYSTONE_CACHE_ENTRIES),
                values.get(ConfigKeys.KEYSTONE_ADMIN_ROLES),
                values.get(ConfigKeys.KEYSTONE_RESELLER_ROLES),
                values.get(ConfigKeys.KEYSTONE_MEMBER_ROLES),
                values.get(ConfigKeys.KEYSTONE_READER_ROLES));
    }

    private SyncSettings sync() {
        return new SyncSettings(
                values.find(ConfigKeys.SYNC_REALMS),
                values.get(ConfigKeys.SYNC_CURRENT),
                values.find(ConfigKeys.SYNC_CA_FILE),
                values.get(ConfigKeys.SYNC_RATE));
    }

    private RootSettings root() {
        return new RootSettings(
                values.find(ConfigKeys.ROOT_ACCESS_KEY), values.find(ConfigKeys.ROOT_SECRET_KEY));
    }

    private LogSettings log() {
        return new LogSettings(
                values.get(ConfigKeys.LOG_LEVEL),
                values.get(ConfigKeys.LOG_ACCESS),
                values.get(ConfigKeys.LOG_ACCESS_SIZE),
                values.get(ConfigKeys.LOG_ACCESS_FILES));
    }
}
